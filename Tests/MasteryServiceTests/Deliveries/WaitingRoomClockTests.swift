import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Events that wait, and clocks that differ")
struct WaitingRoomClockTests {
  /// One partition on Kafka, or a stream on Redis, read by two replicas with different clocks.
  private struct Queue {
    let isOrdered: Bool
    let stands: [Stand]

    init(isOrdered: Bool, apart milliseconds: Int64) {
      self.isOrdered = isOrdered
      let first = Stand()
      stands = [first, Stand(at: Stand.noon + milliseconds, sidecar: first.sidecar, seed: 2)]
      let failing = "student:s-1:profile:current_mastery"
      first.sidecar.always(.partly(without: [failing]), where: \.isLoad)
    }

    var waiting: [[UInt8]] { stands[0].waiting }

    func pass(_ milliseconds: Int64) { for stand in stands { stand.clock.step(milliseconds) } }

    /// Delivers the last message to a replica.
    func deliver(to replica: Int) async -> Bool {
      let offset = String(waiting.count)
      let headers = isOrdered ? [HTTPField("__topic", Topic.retry), HTTPField("__partition", "0"), HTTPField("__offset", offset)] : []
      guard let message = waiting.last else { return false }
      return await stands[replica].deliver(message, to: Topic.retry, headers: headers) == ["": "SUCCESS"]
    }
  }

  private static let apart: [Int64] = [-31_536_000_000, -3_600_000, -60_000, -1, 31_536_000_000]

  @Test("In an ordered topic an event put back by another clock goes to the end at once, and then waits by this clock", arguments: apart)
  func ordered(_ milliseconds: Int64) async throws {
    let queue = Queue(isOrdered: true, apart: milliseconds)
    _ = await queue.stands[0].deliver([Wrapped.exercise("e-1")])
    #expect(queue.waiting.count == 1)
    #expect(await queue.deliver(to: 1))
    let now = queue.stands[1].clock.now.milliseconds
    let data = try ReadJSON.data(try #require(queue.waiting.last))
    #expect(data["queued_at"] as? Int64 == now && data["not_before"] as? Int64 == now + 1_000 && data["retry_count"] as? Int == 1)
    #expect(await !queue.deliver(to: 1))
    queue.pass(999)
    #expect(await !queue.deliver(to: 1))
    queue.pass(1)
    #expect(await queue.deliver(to: 1))
    #expect(try ReadJSON.data(try #require(queue.waiting.last))["retry_count"] as? Int == 2)
  }

  /// Each would put it back for the other one, as fast as the broker delivers it.
  @Test("Without an order a waiting event is put back at most every 2 s, and no try happens early", arguments: apart)
  func unordered(_ milliseconds: Int64) async throws {
    let queue = Queue(isOrdered: false, apart: milliseconds)
    _ = await queue.stands[0].deliver([Wrapped.exercise("e-1")])
    var (tries, spent): ([Int64], Int64) = ([0], 0)
    for turn in 0..<20_000 where tries.count < 5 {
      let before = queue.waiting.count
      _ = await queue.deliver(to: turn % 2)
      if queue.waiting.count > before, let count = try ReadJSON.data(queue.waiting[before])["retry_count"] as? Int, count > tries.count {
        tries.append(spent)
      }
      queue.pass(10)
      spent += 10
    }
    #expect(tries.count == 5)
    // A clock that is ahead by less than an hour looks just like time that has passed.
    let skew: Int64 = abs(milliseconds) < 3_600_000 ? abs(milliseconds) : 0
    for (index, wait) in ([1_000, 5_000, 30_000, 120_000] as [Int64]).enumerated() {
      let waited = tries[index + 1] - tries[index]
      #expect(waited >= wait - skew - 10, "try \(index + 1) came after \(waited) ms")
    }
    #expect(queue.waiting.count <= Int(spent / 1_000) + 5, "\(queue.waiting.count) messages in \(spent) ms")
  }
}
