import DaprClient
import HTTPServer
import Simulation
import Synchronization
import Testing
import WireTesting

@testable import MasteryService

@Suite("Requests that callers share")
struct SharedRequestTests {
  /// What was asked for, in the order of the requests.
  private final class Asked: Sendable {
    private let keys = Mutex<[[Int]]>([])
    var all: [[Int]] { keys.withLock { $0 } }
    func note(_ request: [Int]) { keys.withLock { $0.append(request) } }
  }

  /// A clock that stands still.
  private static let still: @Sendable () -> Int64 = { 0 }

  /// Lets tasks get as far as they can.
  private func settle() async { for _ in 0..<200 { await Task.yield() } }

  @Test("Callers get requests of their own until enough run, then share the next one, each key once, and each gets its own value")
  func shares() async {
    let shared = SharedRequests<Int, String>(atATime: 2, most: 100, patience: 10)
    let (asked, gate) = (Asked(), WireTesting.Gate())
    await withTaskGroup(of: (Int, String).self) { group in
      for key in [1, 2, 3, 4, 3, 5] {
        group.addTask {
          let value = await shared.take(key, uptime: Self.still) { keys in
            asked.note(keys)
            await gate.pass()
            return keys.map { "value \($0)" }
          }
          return (key, value)
        }
        await settle()
      }
      #expect(asked.all == [[1], [2]])
      gate.open()
      for await (key, value) in group { #expect(value == "value \(key)") }
    }
    #expect(asked.all == [[1], [2], [3, 4, 5]])
    // Nobody is left over: the next caller is alone again.
    #expect(await shared.take(6, uptime: Self.still) { keys in keys.map { "value \($0)" } } == "value 6")
  }

  @Test("No request is shared by more callers than may, and the rest has the next one")
  func bound() async {
    let shared = SharedRequests<Int, Int>(atATime: 1, most: 3, patience: 10)
    let (asked, gate) = (Asked(), WireTesting.Gate())
    await withTaskGroup(of: Void.self) { group in
      for key in 0..<8 {
        group.addTask {
          let value = await shared.take(key, uptime: Self.still) { keys in
            asked.note(keys)
            await gate.pass()
            return keys
          }
          #expect(value == key)
        }
        await settle()
      }
      gate.open()
    }
    #expect(asked.all == [[0], [1, 2, 3], [4, 5, 6], [7]])
  }

  @Test("While requests are slow, a caller begins the next one after a while and takes along who waits")
  func slow() async {
    let shared = SharedRequests<Int, Int>(atATime: 1, most: 100, patience: 10)
    let (asked, gate) = (Asked(), WireTesting.Gate())
    let clock = Mutex<Int64>(0)
    let now: @Sendable () -> Int64 = { clock.withLock { $0 } }
    await withTaskGroup(of: Void.self) { group in
      for (key, milliseconds) in [(0, 0), (1, 4), (2, 9), (3, 10), (4, 19), (5, 20)] as [(Int, Int64)] {
        clock.withLock { $0 = milliseconds * 1_000_000 }
        group.addTask {
          let value = await shared.take(key, uptime: now) { keys in
            asked.note(keys)
            await gate.pass()
            return keys
          }
          #expect(value == key)
        }
        await settle()
      }
      #expect(asked.all.map { $0.sorted() } == [[0], [1, 2, 3], [4, 5]])
      gate.open()
    }
  }

  @Test("Queries at the same moment share reads; each gets its student's answer, and a key that cannot be read fails alone")
  func queries() async {
    let stand = Stand()
    for student in 1...40 { _ = await stand.deliver([Wrapped.exercise("e-\(student)", of: "s-\(student)")]) }
    let before = stand.sidecar.calls.count
    let gate = WireTesting.Gate()
    stand.sidecar.play { call in
      guard case .load(let keys) = call else { return .done }
      await gate.pass()
      return .partly(without: Set(keys.filter { $0.contains("s-7") }))
    }
    await withTaskGroup(of: (Int, Int, String).self) { group in
      for student in 1...42 {
        group.addTask {
          let answer = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-\#(student)"}"#)
          return (student, answer.status, answer.text)
        }
      }
      for _ in 0..<2_000 { await Task.yield() }
      gate.open()
      for await (student, status, text) in group {
        #expect(status == (student == 7 ? 503 : student > 40 ? 404 : 200), "\(student)")
        if status == 200 { #expect(text.contains(#""s-\#(student)""#)) }
      }
    }
    let reads = stand.sidecar.calls.dropFirst(before).compactMap { call in if case .load(let keys) = call { keys } else { nil } }
    #expect(reads.count < 10 && reads.allSatisfy { Set($0).count == $0.count })
  }
}
