internal import DaprClient
internal import MasteryService

/// Publishes events in batches: one request at a time for each topic, so that its order stays, several topics side by side.
struct TopicLanes {
  private let publisher: BatchPublisher
  private let batch: Int
  private var gathered = [[OutgoingEvent]](repeating: [], count: ReplayTopic.allCases.count)
  private var sending = [Task<Result<Void, CommandFailure>, Never>?](repeating: nil, count: ReplayTopic.allCases.count)
  /// Events that were handed to a request.
  private(set) var handedOver = 0

  init(publisher: BatchPublisher, batch: Int) {
    self.publisher = publisher
    self.batch = batch
  }

  /// Takes an event, and waits where its topic has a full batch behind one that is still on its way.
  ///
  /// - Returns: Whether a batch was sent.
  /// - Throws: `CommandFailure` when an earlier batch could not be published.
  mutating func add(_ line: consuming ReplayLine) async throws(CommandFailure) -> Bool {
    let event = OutgoingEvent(body: line.bytes, contentType: "application/json", partitionKey: line.student)
    gathered[line.topic.rawValue].append(event)
    guard gathered[line.topic.rawValue].count >= batch else { return false }
    try await send(line.topic)
    return true
  }

  /// Sends what is gathered and waits until all is published.
  ///
  /// - Throws: `CommandFailure` when something could not be published.
  mutating func finish() async throws(CommandFailure) {
    for topic in ReplayTopic.allCases where !gathered[topic.rawValue].isEmpty { try await send(topic) }
    for topic in ReplayTopic.allCases { try await settle(topic) }
  }

  private mutating func send(_ topic: ReplayTopic) async throws(CommandFailure) {
    try await settle(topic)
    let events = gathered[topic.rawValue]
    gathered[topic.rawValue].removeAll(keepingCapacity: true)
    handedOver += events.count
    sending[topic.rawValue] = Task { [publisher] in await publisher.publish(events, to: topic.name) }
  }

  private mutating func settle(_ topic: ReplayTopic) async throws(CommandFailure) {
    defer { sending[topic.rawValue] = nil }
    if let result = await sending[topic.rawValue]?.value { try result.get() }
  }
}
