internal import DaprClient
internal import HTTPServer
internal import Synchronization

/// What happened in a world, as far as the laws ask for it.
final class Chronicle: Sendable {
  /// An event was delivered and acknowledged.
  struct Acknowledged: Sendable {
    let message: Message
    /// When the delivery began, in milliseconds since 1970.
    let began: Int64
    /// Whether the replica had to refuse it, by its clock.
    let wasRefused: Bool
  }

  /// Something was published by a replica.
  struct Said: Sendable {
    let at: Int64
    let replica: Int
    let topic: String
    let event: OutgoingEvent
  }

  /// A student was asked for.
  struct Queried: Sendable {
    let documentKey: String
    let began: Int64
    let ended: Int64
    let response: HTTPResponse
  }

  /// An event was taken in over HTTP.
  struct Ingested: Sendable {
    let content: EventContent
    let at: Int64
    let answer: Replica.Answer
  }

  /// A document that something befell which no replica can mend.
  struct Afflicted: Sendable {
    let documentKey: String
    let fault: Fault
    let from: Int64
    /// When it is over; nil for never.
    var until: Int64?
  }

  /// All of it.
  struct Content: Sendable {
    var messages: [Message] = []
    /// The events of which some delivery had to be refused, or not, by serial.
    var refusals: Set<Int> = []
    var admissions: Set<Int> = []
    var acknowledged: [Acknowledged] = []
    var dropped: [Message] = []
    var said: [Said] = []
    var queried: [Queried] = []
    var ingested: [Ingested] = []
    var afflicted: [Afflicted] = []
    /// Keys of documents that were written over although they belonged to a later release.
    var overwritten: [String] = []
    /// Answers that a sidecar cannot understand.
    var brokenAnswers: [String] = []
    /// What was still open when the time was over.
    var unsettled: [String] = []
  }

  private let state = Mutex(Content())

  /// All that happened so far.
  var content: Content { state.withLock { $0 } }

  /// Takes something down.
  func note(_ change: (inout sending Content) -> Void) {
    state.withLock { change(&$0) }
  }
}
