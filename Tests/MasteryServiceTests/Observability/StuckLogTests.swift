import Foundation
import HTTPServer
import MasteryCore
import Testing

@testable import MasteryService

@Suite("A log whose output is stuck", .timeLimit(.minutes(10)))
struct StuckLogTests {
  /// A pipe that is read only when the test wants.
  private final class Unread: Sendable {
    let pipe = Pipe()
    let log: Log

    init(level: LogLevel = .info) {
      log = Log(level: level, format: .json, descriptor: pipe.fileHandleForWriting.fileDescriptor)
    }

    /// Writes lines until the pipe is full, and some more.
    func fill() {
      for _ in 0..<2_000 { log(LogLine(.info, "\(String(repeating: "x", count: 100))"), at: Timestamp(milliseconds: 0)) }
    }

    /// Everything that was written, including the start that was read before.
    func read(behind start: String) -> String {
      var text = start
      let handle = pipe.fileHandleForReading
      // The last writer has more to write once there is room.
      for _ in 0..<20 {
        text += String(decoding: handle.availableData, as: UTF8.self)
        if !log.isStuck, text.contains("the end") { break }
      }
      return text
    }
  }

  @Test("A stuck log delays its writers half a second in all, and reports the lost lines once it is read again")
  func lost() {
    let unread = Unread()
    let began = ContinuousClock.now
    unread.fill()
    #expect(unread.log.isStuck)
    // 2,000 lines, each of which would wait for ever.
    #expect(ContinuousClock.now - began < .seconds(60))
    let start = String(decoding: unread.pipe.fileHandleForReading.availableData, as: UTF8.self)
    #expect(!unread.log.isStuck)
    unread.log(LogLine(.info, "the end"), at: Timestamp(milliseconds: 0))
    let text = unread.read(behind: start)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") }, "a line is torn")
    let told = try? ReadJSON.object(lines.first { $0.contains("log lines were lost") } ?? "")
    #expect((told?["lines"] as? Int ?? 0) > 1_000)
  }

  @Test("A stuck log loses no line that must not be lost")
  func binding() {
    let unread = Unread()
    unread.fill()
    for number in 0..<50 { unread.log.record(LogLine(.info, "record \(number)."), at: Timestamp(milliseconds: 0)) }
    var text = ""
    while !text.contains("record 49.") {
      text += String(decoding: unread.pipe.fileHandleForReading.availableData, as: UTF8.self)
      _ = unread.log.isStuck
    }
    for number in 0..<50 { #expect(text.components(separatedBy: "record \(number).").count == 2) }
  }

  @Test("A log on a full disk is stuck, and one with room is not")
  func fullDisk() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let log = Log(level: .info, format: .json, descriptor: full.fileDescriptor)
    #expect(!log.isStuck)
    log.record(LogLine(.info, "record"), at: Timestamp(milliseconds: 0))
    #expect(log.isStuck)
    let empty = try #require(FileHandle(forWritingAtPath: "/dev/null"))
    let other = Log(level: .info, format: .json, descriptor: empty.fileDescriptor)
    other.record(LogLine(.info, "record"), at: Timestamp(milliseconds: 0))
    #expect(!other.isStuck)
  }

  @Test("A stuck log makes accesses fail that must be on record, before and after they happen, but not deliveries")
  func refuses() async throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let stand = Stand()
    var configuration = Configuration()
    configuration.environment = .staging
    configuration.jwtSecret = Bearer.secret
    let clock = stand.clock
    let service = MasteryService(
      configuration, sidecar: stand.sidecar, runtime: Runtime(now: { clock.now }, sleep: { _ in await Task.yield() }, random: { 1 }),
      log: Log(level: .error, format: .json, descriptor: full.fileDescriptor))
    let head = HTTPRequestHead(method: "POST", target: "/process", fields: [HTTPField("Content-Type", "application/json")])
    let token = try Bearer.token("a", "admin")
    let body = Array(#"{"intent":"mastery_query","payload":{"student_id":"s"},"security_context":{"token":"\#(token)"}}"#.utf8)
    // The first access finds out: its own line is the one that is not accepted.
    let first = await service.answer(HTTPRequest(head: head, body: body))
    #expect(first.status == 503 && first.text.contains("the log"))
    guard case .refuse(let second) = service.admit(head) else {
      Issue.record("taken in")
      return
    }
    #expect(second.status == 503)
    let event = HTTPRequestHead(method: "POST", target: "/events/learning.quiz", fields: [HTTPField("Content-Type", "application/json")])
    guard case .accept = service.admit(event) else {
      Issue.record("a delivery is not taken")
      return
    }
    #expect(await service.answer(HTTPRequest(head: event, body: Array("{}".utf8))).status == 200)
  }
}
