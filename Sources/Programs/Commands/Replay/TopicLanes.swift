internal import DaprClient
internal import MasteryService

/// Publishes events in batches: one request per topic and batch, all topics in parallel, the next batch once all are accepted.
///
/// So each topic keeps its order, and events that are close together in the file reach the broker together, as they originally did.
struct TopicLanes {
  private let publisher: BatchPublisher
  private let batch: Int
  private var gathered = [[OutgoingEvent]](repeating: [], count: ReplayTopic.allCases.count)
  private var sending = [(count: Int, task: Task<Result<Void, CommandFailure>, Never>)?](repeating: nil, count: ReplayTopic.allCases.count)
  /// Number of events in the batch being collected.
  private var count = 0
  /// Number of events handed to a request.
  private(set) var handedOver = 0
  /// Number of events that the broker has confirmed.
  private(set) var published = 0

  init(publisher: BatchPublisher, batch: Int) {
    self.publisher = publisher
    self.batch = batch
  }

  /// Adds an event; if it fills a batch, the batch is sent once the previous one is published.
  ///
  /// - Returns: Whether a batch was sent.
  /// - Throws: `CommandFailure` if an earlier batch could not be published.
  mutating func add(_ line: consuming ReplayLine) async throws(CommandFailure) -> Bool {
    let event = OutgoingEvent(body: line.bytes, contentType: "application/json", partitionKey: line.student)
    gathered[line.topic.rawValue].append(event)
    count += 1
    guard count >= batch else { return false }
    try await send()
    return true
  }

  /// Sends the collected events and waits until all are published.
  ///
  /// - Throws: `CommandFailure` if some could not be published.
  mutating func finish() async throws(CommandFailure) {
    try await send()
    try await settle()
  }

  private mutating func send() async throws(CommandFailure) {
    try await settle()
    handedOver += count
    count = 0
    for topic in ReplayTopic.allCases where !gathered[topic.rawValue].isEmpty {
      let events = gathered[topic.rawValue]
      gathered[topic.rawValue].removeAll(keepingCapacity: true)
      sending[topic.rawValue] = (events.count, Task { [publisher] in await publisher.publish(events, to: topic.name) })
    }
  }

  private mutating func settle() async throws(CommandFailure) {
    var failure: CommandFailure?
    for topic in ReplayTopic.allCases {
      defer { sending[topic.rawValue] = nil }
      guard let (count, task) = sending[topic.rawValue] else { continue }
      switch await task.value {
      case .success: published += count
      case .failure(let reason): failure = failure ?? reason
      }
    }
    if let failure { throw .incomplete("\(failure.message); \(published) events of the file are published") }
  }
}
