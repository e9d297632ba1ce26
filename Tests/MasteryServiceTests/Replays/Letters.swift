import DaprClient
import Foundation
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

extension Stand {
  /// The kept dead letters, as an operator's command reads them.
  var letters: KeptDeadLetters { KeptDeadLetters(sidecar: sidecar, service.configuration, runtime: service.runtime) }

  /// Delivers events that become dead letters, and lets the service keep those.
  func bury(_ events: [String], to topic: String = "learning.completion") async {
    let before = sidecar.published(to: Topic.deadLetters).count
    #expect(await deliver(events, to: topic).values.allSatisfy { $0 == "SUCCESS" })
    let dead = sidecar.published(to: Topic.deadLetters).dropFirst(before).map { String(decoding: $0, as: UTF8.self) }
    let bulk = Wrapped.bulk(dead.enumerated().map { ("\($0.offset)", $0.element) })
    #expect(await deliver(Array(bulk.utf8), to: Topic.deadLetters).values.allSatisfy { $0 == "SUCCESS" })
    // Failures of different calls have different times.
    clock.step(1_000)
  }

  /// Delivers what was published on `mastery.retry`, each message singly as the sidecar does, and keeps what becomes a dead letter again.
  func retry(from first: Int = 0) async {
    let dead = sidecar.published(to: Topic.deadLetters).count
    for message in sidecar.published(to: Topic.retry).dropFirst(first) {
      #expect(await deliver(message, to: Topic.retry) == ["": "SUCCESS"])
    }
    for letter in sidecar.published(to: Topic.deadLetters).dropFirst(dead) {
      #expect(await deliver(letter, to: Topic.deadLetters) == ["": "SUCCESS"])
    }
  }

  /// All letters that have not been replayed.
  func waiting(_ scope: KeptDeadLetters.Scope = .all) async throws -> [KeptDeadLetter] {
    try await letters.found(DeadLetterFilter(), of: scope).letters
  }

  /// All letters, replayed or not.
  func kept(_ scope: KeptDeadLetters.Scope = .all) async throws -> [KeptDeadLetter] {
    var filter = DeadLetterFilter()
    filter.includesReplayed = true
    return try await letters.found(filter, of: scope).letters
  }

  /// Replays letters, delivers what was published, and looks at what became of it.
  func replay(
    _ chosen: [KeptDeadLetter], _ repaired: [String] = [], by operator: String = "ada"
  ) async throws -> [ReplayedDeadLetter] {
    let first = sidecar.published(to: Topic.retry).count
    var order = KeptDeadLetters.Order(by: `operator`)
    order.repaired = try repaired.map { try RepairedEvent(text: $0) }
    let replayed = await letters.replay(chosen, order)
    clock.step(1_000)
    await retry(from: first)
    return await letters.followed(replayed, for: 0)
  }
}

extension RepairedEvent {
  init(text: String) throws {
    self = try JSONDocument.parse(Array(text.utf8)) { (root) throws(JSONInvalid) in try RepairedEvent(root) }
  }
}

/// Events that are refused, and as they should have been.
enum Faulty {
  /// An event with more completed exercises than there are.
  static func exercise(_ id: String, of student: String = "s-1", school: String? = nil, at time: String = "2026-03-10T08:00:00Z") -> String
  {
    event(id, of: student, school: school, at: time, completed: 12)
  }

  static func repaired(_ id: String, of student: String = "s-1", school: String? = nil, at time: String = "2026-03-10T08:00:00Z") -> String
  {
    event(id, of: student, school: school, at: time, completed: 8)
  }

  private static func event(_ id: String, of student: String, school: String?, at time: String, completed: Int) -> String {
    Wrapped.exercise(id, of: student, completed: completed, at: time, metadata: school.map { #"{"school_id":"\#($0)"}"# })
  }
}
