internal import DaprClient
internal import MasteryService

/// Publishes events in batches: of each batch one request a topic, all topics side by side, and the next when all are taken.
///
/// So each topic keeps its order, and events that stand together in the file come to the broker together, as they once did.
struct TopicLanes {
  private let publisher: BatchPublisher
  private let batch: Int
  private var gathered = [[OutgoingEvent]](repeating: [], count: ReplayTopic.allCases.count)
  private var sending = [(count: Int, task: Task<Result<Void, CommandFailure>, Never>)?](repeating: nil, count: ReplayTopic.allCases.count)
  /// Events of the batch that is being gathered.
  private var count = 0
  /// Events that were handed to a request.
  private(set) var handedOver = 0
  /// Events that the broker has taken for sure.
  private(set) var published = 0

  init(publisher: BatchPublisher, batch: Int) {
    self.publisher = publisher
    self.batch = batch
  }

  /// Takes an event; the one that fills a batch sends it, once the one before is published.
  ///
  /// - Returns: Whether a batch was sent.
  /// - Throws: `CommandFailure` when an earlier batch could not be published.
  mutating func add(_ line: consuming ReplayLine) async throws(CommandFailure) -> Bool {
    let event = OutgoingEvent(body: line.bytes, contentType: "application/json", partitionKey: line.student)
    gathered[line.topic.rawValue].append(event)
    count += 1
    guard count >= batch else { return false }
    try await send()
    return true
  }

  /// Sends what is gathered and waits until all is published.
  ///
  /// - Throws: `CommandFailure` when something could not be published.
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
