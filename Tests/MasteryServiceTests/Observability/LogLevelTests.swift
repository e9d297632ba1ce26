import HTTPServer
import MasteryCore
import Testing

@testable import MasteryService

@Suite("The level of the log")
struct LogLevelTests {
  @Test("A switched log writes all levels, in every copy, until it is switched again", arguments: LogLevel.allCases)
  func switching(_ level: LogLevel) {
    let lines = LogLines()
    let log = Log(level: level, format: .text) { lines.append(String(decoding: $0, as: UTF8.self)) }
    let copy = log
    func written() -> [LogLevel] {
      LogLevel.allCases.filter { other in
        let before = lines.all.count
        copy(LogLine(other, "x"), at: Timestamp(milliseconds: 0))
        return lines.all.count > before
      }
    }
    let usual = LogLevel.allCases.filter { $0 >= level }
    #expect(written() == usual)
    #expect(log.switchLevel() == .debug && written() == LogLevel.allCases)
    #expect(log.switchLevel() == level && written() == usual)
    #expect(log.switchLevel() == .debug && written() == LogLevel.allCases)
  }

  @Test("A log of everything tells of each delivery and each call to the sidecar")
  func steps() async {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    #expect(!stand.lines.all.contains { $0.contains("the sidecar was called") })
    #expect(stand.service.log.switchLevel() == .debug)
    _ = await stand.deliver([Wrapped.exercise("e-2"), "{}"])
    let calls = stand.lines.all.filter { $0.contains(#""message":"the sidecar was called""#) }
    #expect(calls.contains { $0.contains(#""call":"save","status":"ok""#) })
    #expect(stand.lines.all.contains { $0.contains(#""message":"delivery","topic":"learning.completion","entries":2,"undone":0"#) })
  }
}
