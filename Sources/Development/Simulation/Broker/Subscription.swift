internal import HTTPServer
internal import JSON
internal import MasteryCore
internal import MasteryService
internal import Synchronization

/// A topic that a sidecar delivers, as the service itself subscribes to it.
struct Subscription: Sendable, Hashable {
  /// How messages are batched.
  struct Batch: Sendable, Hashable {
    /// The maximum number of messages in a delivery.
    let most: Int
    /// How long the sidecar gathers messages, in milliseconds.
    let wait: Int
  }

  let topic: String
  /// The component that delivers it; each component has its own queue.
  let component: String
  /// Nil if messages are delivered singly.
  let batch: Batch?
  /// Where undeliverable messages go.
  let deadLetterTopic: String?
  /// Whether messages are delivered raw, exactly as stored.
  let isRaw: Bool

  /// The subscriptions of a service with this configuration.
  static func all(of configuration: Configuration) -> [Self] {
    let service = MasteryService(
      configuration, sidecar: SimulatedSidecar(), runtime: Runtime(now: { Timestamp(milliseconds: 0) }, sleep: { _ in }, random: { 0 }),
      log: Log(level: .error, format: .text) { _ in })
    let answer = Mutex<HTTPResponse?>(nil)
    let asked = HTTPRequest(head: HTTPRequestHead(method: "GET", target: "/dapr/subscribe", fields: []), body: [])
    _ = SeededExecutor(SeededGenerator(seed: 0)).finishes {
      let response = await service.answer(asked)
      answer.withLock { $0 = response }
    }
    let list = try? JSONDocument.parse(answer.withLock { $0?.body } ?? []) { (root) throws(Never) in root.elements.compactMap(Self.init) }
    return list ?? []
  }
}

extension Subscription {
  fileprivate init?(_ entry: JSONValue) {
    guard let topic = entry["topic"]?.string, let component = entry["pubsubname"]?.string else { return nil }
    self.topic = topic
    self.component = component
    let bulk = entry["bulkSubscribe"]
    batch =
      bulk?["enabled"]?.boolean == true
      ? Batch(most: Int(bulk?["maxMessagesCount"]?.integer ?? 1), wait: Int(bulk?["maxAwaitDurationMs"]?.integer ?? 1)) : nil
    deadLetterTopic = entry["deadLetterTopic"]?.string
    isRaw = entry["metadata"]?["rawPayload"]?.string == "true"
  }
}
