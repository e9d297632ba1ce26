import DaprClient
import JSON
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("Two replicas with concurrent deliveries and random faults")
struct ConcurrentDeliveryTests {
  private struct Sent: Sendable {
    let id: String
    let student: String
    /// Minutes from 1 March 2026 on.
    let minute: Int
    let completed: Int

    var text: String {
      let time = Timestamp(milliseconds: 1_772_323_200_000 + Int64(minute) * 60_000).iso8601
      return Wrapped.exercise(id, of: student, completed: completed, at: time)
    }
  }

  private static func events(_ random: SeededGenerator) -> [Sent] {
    (0..<random.draw(5..<25)).map {
      // A third of the minutes coincide, so that ids decide.
      let minute = random.draw(0..<3) * 1_440 + random.draw(0..<3) * 60
      return Sent(id: "e-\($0)", student: "s-\(random.draw(0..<4))", minute: minute, completed: random.draw(0..<11))
    }
  }

  /// At random a call fails before or after its effect, or does a part of its work.
  private static func fate(_ call: SidecarCall, _ random: SeededGenerator) -> Fate {
    // A healthy sidecar that breaks the connection for one key, again and again, cannot read it; this one is unhealthy.
    if case .other("isReady") = call { return .failed(.timedOut) }
    let failures: [SidecarFailure] = [
      .timedOut, .broken("reset"), .failed(status: 500, code: "ERR", message: "away"), .unreachable("refused"),
    ]
    let failure = failures[random.draw(0..<failures.count)]
    switch random.draw(0..<12) {
    case 0: return .failed(failure)
    case 1: return .answerLost(failure)
    case 2:
      let student = "s-\(random.draw(0..<4))"
      return .partly(without: [student, "student:\(student):profile:current_mastery"])
    default: return .done
    }
  }

  /// Results with more than was in the store when they were published.
  private static func unsaved(_ call: SidecarCall, _ sidecar: SimulatedSidecar) -> Int {
    guard case .publish("mastery.results", let events) = call else { return 0 }
    return events.filter { event in
      guard let key = event.partitionKey, let stored = sidecar.stored("student:\(key):profile:current_mastery") else { return true }
      return (revision(event.body, "data") ?? .max) > (revision(stored.value, "ledger") ?? -1)
    }.count
  }

  private static func revision(_ bytes: [UInt8], _ member: String) -> Int64? {
    try? JSONDocument.parse(bytes) { (root) throws(Never) in root[named: member]?["revision"]?.integer } ?? nil
  }

  @Test(
    "Concurrent deliveries to two replicas under faults lose nothing, double nothing, announce nothing unsaved, and end", arguments: 0..<15)
  func laws(_ block: Int) throws {
    for seed in block * 10..<block * 10 + 10 { try run(seed: UInt64(seed)) }
  }

  private func run(seed: UInt64) throws {
    let random = SeededGenerator(seed: seed)
    let sidecar = SimulatedSidecar(store: SimulatedStore(seed.isMultiple(of: 2) ? .memory : .redis))
    let replicas = [Stand(sidecar: sidecar, seed: seed), Stand(sidecar: sidecar, seed: seed + 1_000)]
    let sent = Self.events(random)
    let unsaved = Mutex(0)
    let isCalm = Mutex(false)
    sidecar.play { call in
      for _ in 0..<random.draw(0..<4) { await Task.yield() }
      unsaved.withLock { $0 += Self.unsaved(call, sidecar) }
      return isCalm.withLock { $0 } ? .done : Self.fate(call, random)
    }
    let isFinished = SeededExecutor(random).finishes {
      var waiting = sent + sent.filter { _ in random.once(in: 4) }
      var tried = 0
      for round in 0..<6 {
        isCalm.withLock { $0 = round > 3 }
        waiting = await Self.deliver(waiting.shuffled(using: random), to: replicas, random)
        // Each waiting event is tried once a round, however long its wait.
        for replica in replicas { replica.clock.step(600_000) }
        let deferred = sidecar.published(to: Topic.retry).dropFirst(tried)
        tried += deferred.count
        await Self.tryAgain(Array(deferred), at: replicas, random)
      }
      #expect(waiting.isEmpty, "seed \(seed): still unacknowledged")
      #expect(sidecar.published(to: Topic.retry).count == tried, "seed \(seed): still waiting")
    }
    #expect(isFinished, "seed \(seed): somebody waits for ever")
    #expect(unsaved.withLock { $0 } == 0, "seed \(seed)")
    try check(sent, replicas[0], seed)
    #expect(sidecar.published(to: "mastery.dlq").isEmpty, "seed \(seed)")
  }

  /// Delivers events in random batches, all at once; returns those that are to come again.
  private static func deliver(_ events: [Sent], to replicas: [Stand], _ random: SeededGenerator) async -> [Sent] {
    var batches: [[Sent]] = []
    for event in events {
      if batches.isEmpty || random.once(in: 4) { batches.append([]) }
      batches[batches.count - 1].append(event)
    }
    return await withTaskGroup(of: [Sent].self) { group in
      for batch in batches {
        let replica = replicas[random.draw(0..<replicas.count)]
        group.addTask {
          let statuses = await replica.deliver(batch.map(\.text))
          return batch.indices.filter { statuses["\($0)"] != "SUCCESS" }.map { batch[$0] }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// Delivers waiting events singly, all at once and again until none needs another delivery.
  private static func tryAgain(_ deferred: [[UInt8]], at replicas: [Stand], _ random: SeededGenerator) async {
    await withTaskGroup { group in
      for message in deferred {
        let replica = replicas[random.draw(0..<replicas.count)]
        group.addTask {
          while await replica.deliver(message, to: Topic.retry) != ["": "SUCCESS"] { await Task.yield() }
        }
      }
    }
  }

  /// The store holds the latest event of each student and day, and the last result of each student matches it.
  private func check(_ sent: [Sent], _ stand: Stand, _ seed: UInt64) throws {
    for student in Set(sent.map(\.student)) {
      let own = sent.filter { $0.student == student }
      let document = try stand.document(of: student)
      let days = Dictionary(grouping: own) { 20_513 + $0.minute / 1_440 }
      #expect(document.days.map(\.day.number) == days.keys.sorted(), "seed \(seed)")
      for day in document.days {
        let latest = days[day.day.number]?.max { ($0.minute, $0.id) < ($1.minute, $1.id) }
        #expect(day.latest.completion?.event.text == latest?.id, "seed \(seed)")
        #expect(day.latest.completion?.score.value == latest.map { Double($0.completed) / 10 }, "seed \(seed)")
      }
      let said = stand.sidecar.published.filter { $0.topic == "mastery.results" && $0.event.partitionKey == student }
      let revisions = said.compactMap { Self.revision($0.event.body, "data") }
      #expect(revisions.max() == document.ledger.revision, "seed \(seed)")
      let announced = Set(stand.sidecar.published(to: "mastery.events").map { String(decoding: $0, as: UTF8.self) })
      let waiting = document.ledger.outbox.filter { $0.topic == "mastery.events" }.map(\.body)
      #expect(announced.isSuperset(of: waiting), "seed \(seed): an announcement was lost")
    }
  }
}

extension Array {
  /// In random order.
  fileprivate func shuffled(using random: SeededGenerator) -> [Element] {
    var generator = random
    return shuffled(using: &generator)
  }
}
