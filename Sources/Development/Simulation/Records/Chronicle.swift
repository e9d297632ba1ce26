internal import DaprClient
internal import HTTPServer
internal import Synchronization

/// What happened in a world, as far as the laws need it.
final class Chronicle: Sendable {
  /// An event was delivered and acknowledged.
  struct Acknowledged: Sendable {
    let message: Message
    /// When the delivery began and when its answer came, in milliseconds since 1970.
    let began: Int64
    let ended: Int64
    /// Whether the replica had to refuse it, by its clock.
    let wasRefused: Bool
  }

  /// A replica began with a delivered event.
  struct Brought: Sendable {
    let serial: Int
    let replica: Int
    let at: Int64
  }

  /// Something was published by a replica.
  struct Said: Sendable {
    let at: Int64
    let replica: Int
    let topic: String
    let event: OutgoingEvent
  }

  /// A student's mastery was requested.
  struct Queried: Sendable {
    let documentKey: String
    let began: Int64
    let ended: Int64
    let response: HTTPResponse
  }

  /// An event was accepted over HTTP.
  struct Ingested: Sendable {
    let content: EventContent
    let at: Int64
    let answer: ReplicaAnswer
  }

  /// A student's right was used.
  struct Asked: Sendable {
    /// Its content: nothing for an erasure, otherwise whether consent is given.
    let granted: Bool?
    let documentKey: String
    /// When it was first requested.
    let began: Int64
    /// When it was granted; nil if it was not.
    var ended: Int64?
  }

  /// The broker accepted a request to erase a student.
  struct ErasureTaken: Sendable {
    let documentKey: String
    /// When it was requested, by the clock of the replica that was asked.
    let requestedAt: Int64
    let at: Int64
  }

  /// A replica recorded an access.
  struct Access: Sendable {
    let documentKey: String
    let action: String
    let correlationID: String
    let replica: Int
    let at: Int64
  }

  /// A request that touches a student's data was answered.
  struct Answered: Sendable {
    let documentKey: String
    let correlationID: String
    let status: Int
  }

  /// A batch was begun.
  struct Batch: Sendable {
    let planned: PlannedBatch
    let id: String
    /// When it was requested.
    let began: Int64
  }

  /// A document with damage that no replica can repair.
  struct Afflicted: Sendable {
    let documentKey: String
    let fault: Fault
    let from: Int64
    /// When it is over; nil for never.
    var until: Int64?
  }

  /// Everything together.
  struct Content: Sendable {
    var messages: [Message] = []
    /// The events that had to be refused, or not, in some delivery, by serial.
    var refusals: Set<Int> = []
    var admissions: Set<Int> = []
    var brought: [Brought] = []
    var acknowledged: [Acknowledged] = []
    var dropped: [Message] = []
    /// Messages that are not events and that a replica has taken out of the dead letters.
    var buried: [Message] = []
    var said: [Said] = []
    var queried: [Queried] = []
    var ingested: [Ingested] = []
    /// The rights used, in the order in which they were requested.
    var asked: [Asked] = []
    var erasuresTaken: [ErasureTaken] = []
    var accesses: [Access] = []
    var answered: [Answered] = []
    var batches: [Batch] = []
    var surveyed: [SurveyAnswer] = []
    var afflicted: [Afflicted] = []
    /// Keys beside the documents whose values were unreadable from some moment on.
    var afflictedAside: Set<String> = []
    /// Keys of documents that some trouble was meant for, whether it stayed or passed.
    var troubled: Set<String> = []
    /// Keys of documents that were overwritten although they belonged to a later release.
    var overwritten: [String] = []
    /// When deliveries may take long: something was down for everybody, or a script held them up.
    var excuses: [Range<Int64>] = []
    /// Pauses of handlers that nothing called for.
    var rests: [String] = []
    /// Answers that a sidecar cannot understand.
    var brokenAnswers: [String] = []
    /// What was still open at the end.
    var unsettled: [String] = []
  }

  private let state = Mutex(Content())

  /// Everything that has happened so far.
  var content: Content { state.withLock { $0 } }

  /// Marks a time in which deliveries may take long, whoever they are for.
  func excuse(from: Int64, until: Int64) {
    note { $0.excuses.append(from..<max(from, until) + 1) }
  }

  /// Whether deliveries may have taken long at some moment of a time.
  func isExcused(from: Int64, until: Int64) -> Bool {
    state.withLock { $0.excuses.contains { $0.overlaps(from..<max(from, until) + 1) } }
  }

  /// Records something.
  func note(_ change: (inout sending Content) -> Void) {
    state.withLock { change(&$0) }
  }
}
