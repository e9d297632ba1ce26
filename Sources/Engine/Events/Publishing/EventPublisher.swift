internal import DaprClient
internal import MasteryCore
internal import Metrics

/// Publishes the results of stored documents, and the events that follow from requests and failures.
struct EventPublisher: Sendable {
  let sidecar: any Sidecar
  let confirmed: ConfirmedAnnouncements
  let runtime: Runtime
  let metrics: ServiceMetrics

  /// The documents that the broker accepted.
  enum Taken: Equatable {
    /// All of them.
    case all
    /// None of them.
    case none
    /// Some, but not everything of the documents at these positions.
    case without(Set<Int>)
  }

  /// Composes what there is to publish of a stored document: its result, and the announcements of its outbox that no broker has confirmed.
  func composed(_ document: StudentDocument, _ trace: EventTrace) -> ComposedDocument {
    ComposedDocument(
      document: document, result: MasteryUpdated.event(for: document, trace),
      announcements: document.ledger.outbox.filter { !confirmed.contains($0.id) }.map { entry in
        (entry.topic, CloudEvent.outgoing(Array(entry.body.utf8), partitionKey: document.student.text))
      })
  }

  /// Publishes the result of each document, its announcements, and its standings update.
  ///
  /// - Returns: The documents that the broker accepted.
  func publish(_ composed: [ComposedDocument], context: CallContext) async -> Taken {
    var results = Outgoing(topic: Topic.results)
    var announcements: [String: Outgoing] = [:]
    for (position, composed) in composed.enumerated() {
      if let event = composed.result { results.add(event, of: [position]) }
      for (topic, event) in composed.announcements { announcements[topic, default: Outgoing(topic: topic)].add(event, of: [position]) }
    }
    var standings = Outgoing(topic: Topic.standings)
    for message in StandingsMessage.messages(for: composed.map(\.document), at: runtime.now()) {
      standings.add(message.event, of: message.positions)
    }
    let batches = ([results, standings] + announcements.values.sorted { $0.topic < $1.topic }).filter { !$0.events.isEmpty }
    let failed = await withTaskGroup(of: (untaken: Set<Int>, isSilent: Bool).self) { group in
      for batch in batches { group.addTask { await batch.publish(by: sidecar, context: context) } }
      return await group.reduce(into: (untaken: Set<Int>(), silent: 0)) { sum, batch in
        sum.untaken.formUnion(batch.untaken)
        sum.silent += batch.isSilent ? 1 : 0
      }
    }
    note(failed.untaken)
    for position in composed.indices where !failed.untaken.contains(position) { confirmed.insert(composed[position].document) }
    if failed.untaken.isEmpty { return .all }
    return failed.silent > 0 ? .none : .without(failed.untaken)
  }

  /// Publishes events together, of which the broker may take some.
  ///
  /// - Returns: The positions of those that the broker did not accept.
  func publish(each events: [OutgoingEvent], to topic: String, context: CallContext) async -> Set<Int> {
    guard !events.isEmpty else { return [] }
    var outgoing = Outgoing(topic: topic)
    for (position, event) in events.enumerated() { outgoing.add(event, of: [position]) }
    let untaken = await outgoing.publish(by: sidecar, context: context).untaken
    note(untaken)
    return untaken
  }

  /// Publishes an event from a request; true if the broker accepted it.
  func publish(_ event: OutgoingEvent, to topic: String, context: CallContext) async -> Bool {
    do {
      try await sidecar.publish(event, to: topic, context: context)
      return true
    } catch {
      note([0])
      return false
    }
  }

  /// Publishes the engine's own orders; true if the broker accepted all of them.
  func publish(_ orders: [OutgoingEvent], to topic: String, context: CallContext) async -> Bool {
    do {
      if try await sidecar.publish(orders, to: topic, context: context).isEmpty { return true }
    } catch {}
    note([0])
    return false
  }

  private func note(_ failed: Set<Int>) {
    guard !failed.isEmpty else { return }
    metrics.publishFailures.add()
  }
}

/// Events for one topic, and their owners.
private struct Outgoing: Sendable {
  /// A larger event may be refused for its own size, which says nothing about the broker.
  private static let ordinarySize = 64 << 10

  let topic: String
  private(set) var events: [OutgoingEvent] = []
  private var owners: [[Int]] = []

  init(topic: String) {
    self.topic = topic
  }

  mutating func add(_ event: OutgoingEvent, of owners: [Int]) {
    events.append(event)
    self.owners.append(owners)
  }

  /// The owners of events that were not accepted, and whether the broker accepted nothing although it should have.
  func publish(by sidecar: any Sidecar, context: CallContext) async -> (untaken: Set<Int>, isSilent: Bool) {
    do {
      let untaken = try await sidecar.publish(events, to: topic, context: context)
      return (Set(untaken.flatMap { owners[$0] }), untaken.count == events.count && holdsOrdinary)
    } catch {
      return (Set(owners.joined()), holdsOrdinary)
    }
  }

  private var holdsOrdinary: Bool { events.contains { $0.body.count <= Self.ordinarySize } }
}
