internal import DaprClient
internal import MasteryCore

/// Publishes what stored documents say, and what could not be taken in.
struct EventPublisher: Sendable {
  let sidecar: any Sidecar
  let confirmed: ConfirmedAnnouncements
  let edge: Edge
  let metrics: Metrics

  /// Publishes the result of each document and what its outbox still holds.
  ///
  /// - Returns: The positions of documents of which not everything was taken by the broker.
  func publish(_ documents: [StudentDocument], context: CallContext) async -> Set<Int> {
    var results = Outgoing(topic: Topic.results)
    var announcements: [String: Outgoing] = [:]
    for position in documents.indices {
      if let event = MasteryUpdated.event(for: documents[position]) { results.add(event, of: position) }
      for entry in documents[position].ledger.outbox where !confirmed.contains(entry.id) {
        let event = CloudEvent.outgoing(Array(entry.body.utf8), partitionKey: documents[position].student.text)
        announcements[entry.topic, default: Outgoing(topic: entry.topic)].add(event, of: position)
      }
    }
    let batches = [results] + announcements.values.sorted { $0.topic < $1.topic }
    let failed = await withTaskGroup(of: Set<Int>.self) { group in
      for batch in batches where !batch.events.isEmpty {
        group.addTask { await batch.publish(by: sidecar, context: context) }
      }
      return await group.reduce(into: Set<Int>()) { $0.formUnion($1) }
    }
    note(failed)
    for position in documents.indices where !failed.contains(position) { confirmed.insert(documents[position].ledger.outbox) }
    return failed
  }

  /// Publishes failed events to the dead letters.
  ///
  /// - Returns: The positions of those that the broker did not take.
  func publish(_ failed: [FailedEvent], context: CallContext) async -> Set<Int> {
    var outgoing = Outgoing(topic: Topic.deadLetters)
    for (position, event) in failed.enumerated() { outgoing.add(event.event, of: position) }
    let untaken = outgoing.events.isEmpty ? [] : await outgoing.publish(by: sidecar, context: context)
    note(untaken)
    return untaken
  }

  /// Publishes what a request brought; true when the broker took it.
  func publish(_ event: OutgoingEvent, to topic: String, context: CallContext) async -> Bool {
    do {
      try await sidecar.publish(event, to: topic, context: context)
      return true
    } catch {
      note([0])
      return false
    }
  }

  /// Publishes the engine's own orders; true when the broker took all of them.
  func publish(_ orders: [OutgoingEvent], to topic: String, context: CallContext) async -> Bool {
    do {
      if try await sidecar.publish(orders, to: topic, context: context).isEmpty { return true }
    } catch {}
    note([0])
    return false
  }

  private func note(_ failed: Set<Int>) {
    guard !failed.isEmpty else { return }
    metrics.countPublishFailure()
  }
}

/// Events for one topic, and whose they are.
private struct Outgoing: Sendable {
  let topic: String
  private(set) var events: [OutgoingEvent] = []
  private var owners: [Int] = []

  init(topic: String) {
    self.topic = topic
  }

  mutating func add(_ event: OutgoingEvent, of owner: Int) {
    events.append(event)
    owners.append(owner)
  }

  /// The owners of events that were not taken.
  func publish(by sidecar: any Sidecar, context: CallContext) async -> Set<Int> {
    do {
      return Set(try await sidecar.publish(events, to: topic, context: context).map { owners[$0] })
    } catch {
      return Set(owners)
    }
  }
}
