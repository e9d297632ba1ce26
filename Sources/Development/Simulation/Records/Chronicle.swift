internal import DaprClient
internal import HTTPServer
internal import Synchronization

/// The record of what happened in a world, as far as the laws need it.
final class Chronicle: Sendable {
  /// An event that was delivered and acknowledged.
  struct Acknowledged: Sendable {
    let message: Message
    /// When the delivery began and when its answer came, in milliseconds since 1970.
    let began: Int64
    let ended: Int64
    /// Whether the replica had to refuse it, by its clock.
    let wasRefused: Bool
  }

  /// A delivered event that a replica began to process.
  struct Brought: Sendable {
    let serial: Int
    let replica: Int
    let at: Int64
  }

  /// An event that a replica published.
  struct Said: Sendable {
    let at: Int64
    let replica: Int
    let topic: String
    let event: OutgoingEvent
  }

  /// An answered query for a student's mastery.
  struct Queried: Sendable {
    let documentKey: String
    let began: Int64
    let ended: Int64
    let response: HTTPResponse
  }

  /// An event that was sent over HTTP, and its answer.
  struct Ingested: Sendable {
    let content: EventContent
    let at: Int64
    let answer: ReplicaAnswer
  }

  /// A request that used a student's right.
  struct Asked: Sendable {
    /// Whether consent is given; nil for an erasure.
    let granted: Bool?
    let documentKey: String
    /// When it was first sent.
    let began: Int64
    /// When it was confirmed; nil if it was not.
    var ended: Int64?
  }

  /// An erasure request that the broker accepted.
  struct ErasureTaken: Sendable {
    let documentKey: String
    /// When it was requested, by the clock of the replica that received it.
    let requestedAt: Int64
    let at: Int64
  }

  /// An access that a replica logged.
  struct Access: Sendable {
    let documentKey: String
    let action: String
    let correlationID: String
    let replica: Int
    let at: Int64
  }

  /// An answered request that accesses a student's data.
  struct Answered: Sendable {
    let documentKey: String
    let correlationID: String
    let status: Int
  }

  /// A batch that a replica accepted.
  struct Batch: Sendable {
    let planned: PlannedBatch
    let id: String
    /// When it was requested.
    let began: Int64
  }

  /// A fault of a document that no replica can repair.
  struct Afflicted: Sendable {
    let documentKey: String
    let fault: Fault
    let from: Int64
    /// When it ends; nil for never.
    var until: Int64?
  }

  /// Everything that was recorded.
  struct Content: Sendable {
    var messages: [Message] = []
    /// The serial numbers of events that a replica had to refuse in some delivery.
    var refusals: Set<Int> = []
    /// The serial numbers of events that a replica could accept in some delivery.
    var admissions: Set<Int> = []
    var brought: [Brought] = []
    var acknowledged: [Acknowledged] = []
    var dropped: [Message] = []
    /// Messages that are not events and that a replica consumed from the dead letter topic.
    var buried: [Message] = []
    var said: [Said] = []
    var queried: [Queried] = []
    var ingested: [Ingested] = []
    /// The requests that used rights, in the order they were first sent.
    var asked: [Asked] = []
    var erasuresTaken: [ErasureTaken] = []
    var accesses: [Access] = []
    var answered: [Answered] = []
    var batches: [Batch] = []
    var surveyed: [SurveyAnswer] = []
    var afflicted: [Afflicted] = []
    /// Non-document keys whose values became unreadable.
    var afflictedAside: Set<String> = []
    /// Keys of documents that a fault was aimed at, lasting or not.
    var troubled: Set<String> = []
    /// Keys of documents that were overwritten although they belonged to a later release.
    var overwritten: [String] = []
    /// When deliveries may take long: a fault affected everybody, or a delivery was delayed on purpose.
    var excuses: [Range<Int64>] = []
    /// Pauses of handlers that did not follow a failed call.
    var rests: [String] = []
    /// Invalid answers, and messages that nothing accounts for.
    var brokenAnswers: [String] = []
    /// What was still open at the end.
    var unsettled: [String] = []
  }

  private let state = Mutex(Content())

  /// Everything that has happened so far.
  var content: Content { state.withLock { $0 } }

  /// Marks a span during which any delivery may take long.
  func excuse(from: Int64, until: Int64) {
    note { $0.excuses.append(from..<max(from, until) + 1) }
  }

  /// Whether any delivery may have taken long at some point during a span.
  func isExcused(from: Int64, until: Int64) -> Bool {
    state.withLock { $0.excuses.contains { $0.overlaps(from..<max(from, until) + 1) } }
  }

  /// Changes the record.
  func note(_ change: (inout sending Content) -> Void) {
    state.withLock { change(&$0) }
  }
}
