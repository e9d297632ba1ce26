internal import MasteryCore
internal import NaiveMastery

/// An event that the broker holds, and what is known of it from outside.
struct Message: Sendable {
  let serial: Int
  let topic: String
  let partition: Int
  let offset: Int
  let text: String
  let form: PlannedEvent.Form
  let content: EventContent
  /// When the broker took it, in milliseconds since 1970.
  let publishedAt: Int64
  /// Whether the broker tells topic, partition, offset and time, as Kafka does.
  let isNumbered: Bool
  /// What it is where it is no JSON object; the text is then nothing but what is told of it.
  var foreign: [UInt8]?
  /// What the engine has put it into, to try it later.
  var parcel: Parcel?

  /// An event that was put at the end of the waiting room: the same event in another message.
  struct Parcel: Sendable {
    let partition: Int
    let offset: Int
    let publishedAt: Int64
    /// The message as it lies there.
    let text: String
    /// Which of the copies of what waits it is.
    let copy: Copy
    /// The latest time by which a replica judged the event's own.
    let judgedAt: Int64
  }

  /// One of the copies of an event that waits: each time that it is put aside there is a new one.
  struct Copy: Sendable {
    /// What all copies say of the event as it came.
    let event: String
    let number: Int
    let id: String

    /// Whether a replica that knows of this one may drop the other.
    func supersedes(_ other: Copy) -> Bool { number == other.number ? id < other.id : number > other.number }
  }

  /// The same event as it came first.
  var unwrapped: Message {
    var message = self
    message.parcel = nil
    return message
  }

  /// Whether it is no student's event but the engine's own work, or nothing that anybody could take for an event.
  var isOwnWork: Bool { foreign != nil || !Replica.topics.contains(topic) && topic != Replica.waitingRoom }

  /// The bytes as they lie at the broker.
  var bytes: [UInt8] { foreign ?? Array((parcel?.text ?? text).utf8) }

  private static let minute: Int64 = 60_000

  /// The id of the CloudEvent that the publisher's sidecar made.
  var envelopeID: String { "ce-\(serial)" }

  /// Envelopes tell seconds.
  var envelopeTime: Int64 { publishedAt - publishedAt % 1_000 }

  /// The id in force; nil where a redelivery could not be told from another event.
  var id: String? {
    content.id ?? (form.hasOwnEnvelope ? envelopeID : nil) ?? (isNumbered ? "kafka:\(topic):\(partition):\(offset)" : nil)
  }

  /// The delivery's own time, as far as somebody tells it.
  var deliveryTime: Int64? { form.hasOwnEnvelope ? envelopeTime : isNumbered ? publishedAt : nil }

  /// The time in force.
  var milliseconds: Int64? { content.milliseconds ?? deliveryTime }

  /// Whether a replica whose clock says so must refuse it, by the Contract article, "Refusals".
  func isRefused(at clock: Int64) -> Bool {
    let clock = max(clock, parcel?.judgedAt ?? clock)
    guard content.isSound, id != nil, let milliseconds else { return true }
    return milliseconds > (deliveryTime ?? clock) + 5 * Self.minute || milliseconds > clock + 24 * 60 * Self.minute
  }

  /// What it says; nil where it says nothing.
  var naive: NaiveEvent? {
    guard content.isSound, let id, let milliseconds else { return nil }
    return NaiveEvent(
      id: id, milliseconds: milliseconds, student: content.student, parts: content.parts, source: content.source, cohort: content.cohort)
  }
}
