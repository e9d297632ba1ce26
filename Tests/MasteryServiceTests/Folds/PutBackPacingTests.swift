import DaprClient
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

/// `mastery.retry` with one partition, as the sidecar delivers it: singly and in order.
///
/// A message answered with RETRY comes again after the policy's backoff, and nothing behind it comes before.
private struct RetryTopic {
  /// A student whose document cannot be read for that many tries, starting with an event that arrives then.
  struct Trouble {
    let student: String
    let arrival: Int64
    let failures: Int
  }

  /// Milliseconds of the shipped policy: exponential, capped.
  private static func backoff(_ retries: Int) -> Int64 {
    var pause = 500.0
    for _ in 0..<retries { pause = min(pause * 1.5, 15_000) }
    return Int64(pause)
  }

  let stand: Stand
  private var arrivals: [Trouble]
  private var done = 0
  private let tries = Mutexed()

  /// When each student's document was read, by state key.
  final class Mutexed: Sendable {
    let times = Mutex<[String: [Int64]]>([:])
  }

  init(_ troubles: [Trouble]) {
    stand = Stand()
    arrivals = troubles.sorted { $0.arrival < $1.arrival }
    let failures = Dictionary(uniqueKeysWithValues: troubles.map { (Self.key($0.student), $0.failures) })
    stand.sidecar.play { [tries, clock = stand.clock] call in
      guard case .load(let keys) = call else { return .done }
      let now = clock.now.milliseconds
      let failing = tries.times.withLock { times in
        keys.filter { key in
          guard let most = failures[key] else { return false }
          times[key, default: []].append(now)
          return times[key, default: []].count <= most
        }
      }
      return failing.isEmpty ? .done : .partly(without: Set(failing))
    }
  }

  static func key(_ student: String) -> String { "student:\(student):profile:current_mastery" }

  func tries(of student: String) -> [Int64] { tries.times.withLock { $0[Self.key(student)] ?? [] } }

  /// Advances the time, and lets events arrive meanwhile.
  private mutating func advance(to moment: Int64) async {
    while let next = arrivals.first, next.arrival <= moment {
      arrivals.removeFirst()
      stand.clock.step(max(0, next.arrival - stand.clock.now.milliseconds))
      #expect(await stand.deliver([Wrapped.exercise("e-\(next.student)", of: next.student)]) == ["0": "SUCCESS"])
    }
    stand.clock.step(moment - stand.clock.now.milliseconds)
  }

  /// Delivers everything until nothing waits any more.
  mutating func run() async {
    var retries = 0
    while true {
      let messages = stand.waiting
      guard done < messages.count else {
        guard let next = arrivals.first else { return }
        await advance(to: next.arrival)
        continue
      }
      if await stand.deliver(messages[done], to: Topic.retry) == ["": "SUCCESS"] {
        (done, retries) = (done + 1, 0)
      } else {
        await advance(to: stand.clock.now.milliseconds + Self.backoff(retries))
        retries += 1
      }
    }
  }
}

@Suite("Events that wait long beside events that wait briefly")
struct PutBackPacingTests {
  private static let waits: [Int64] = [1_000, 5_000, 30_000, 120_000, 600_000]

  @Test(
    "Waiting events are tried within 2 s and one step of the backoff, and are put back at most once in 2 s",
    arguments: 0..<20 as Range<UInt64>)
  func pacing(seed: UInt64) async throws {
    let random = SeededGenerator(seed: seed)
    let troubles = (0..<random.draw(2..<9)).map { number in
      RetryTopic.Trouble(
        student: "s-\(number)", arrival: Stand.noon + Int64(random.draw(0..<60_000)), failures: random.draw(1..<6))
    }
    var topic = RetryTopic(troubles)
    await topic.run()
    // The steps are 0.5, 0.75, 1.125 s: with the third, 2 s are over.
    let latest: Int64 = 2_000 + 1_125
    for trouble in troubles {
      let tries = topic.tries(of: trouble.student)
      #expect(tries.count == trouble.failures + 1, "seed \(seed), \(trouble.student)")
      for (index, wait) in Self.waits.prefix(trouble.failures).enumerated() {
        let late = tries[index + 1] - tries[index] - wait
        #expect((0...latest).contains(late), "seed \(seed), \(trouble.student): try \(index + 1) came \(late) ms late")
      }
      #expect(try topic.stand.document(of: trouble.student).ledger.revision == 1)
    }
    try checkPublishes(topic.stand, seed)
    #expect(topic.stand.sidecar.published(to: Topic.deadLetters).isEmpty)
  }

  /// At least 2 s lie between two messages of one event that wait for the same try.
  private func checkPublishes(_ stand: Stand, _ seed: UInt64) throws {
    var last: [String: Int64] = [:]
    for message in stand.sidecar.published where message.topic == Topic.retry {
      let data = try ReadJSON.data(message.event.body)
      let queuedAt = try #require(data["queued_at"] as? Int64)
      let name = "\(message.event.partitionKey ?? ""), try \(data["retry_count"] ?? "")"
      if let former = last[name] { #expect(queuedAt - former >= 2_000, "seed \(seed), \(name)") }
      last[name] = queuedAt
    }
  }
}
