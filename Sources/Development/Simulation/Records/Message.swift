internal import MasteryCore
internal import NaiveMastery

/// An event at the broker, and what is known about it from outside the service.
struct Message: Sendable {
  let serial: Int
  let topic: String
  let partition: Int
  let offset: Int
  let text: String
  let form: PlannedEvent.Form
  let content: EventContent
  /// When the broker accepted it, in milliseconds since 1970.
  let publishedAt: Int64
  /// Whether the broker states topic, partition, offset and time, as Kafka does.
  let isNumbered: Bool
  /// Its bytes if it is not a JSON object; the text is then only a description of it.
  var foreign: [UInt8]?
  /// The engine's wrapper around it if it is deferred.
  var parcel: Parcel?

  /// A deferred event at the end of the retry topic: the same event in another message.
  struct Parcel: Sendable {
    let partition: Int
    let offset: Int
    let publishedAt: Int64
    /// The message as stored.
    let text: String
    /// Which copy of the deferred event it is.
    let copy: Copy
    /// The latest clock time at which a replica judged the event's own time.
    let judgedAt: Int64
  }

  /// A copy of a deferred event; each deferral makes a new one.
  struct Copy: Sendable {
    /// What all copies say about the event as it was first published.
    let event: String
    /// When the event was first deferred.
    let generation: Int64
    let number: Int
    let id: String

    /// Whether a replica that knows this copy may drop the other.
    func supersedes(_ other: Copy) -> Bool { (-generation, -number, id) < (-other.generation, -other.number, other.id) }
  }

  /// The same event as it was first published.
  var unwrapped: Message {
    var message = self
    message.parcel = nil
    return message
  }

  /// Whether it is the engine's own work rather than a student's event, or is not an event at all.
  var isOwnWork: Bool { foreign != nil || !WorldTopics.events.contains(topic) && topic != WorldTopics.waitingRoom }

  /// The bytes as the broker stores them.
  var bytes: [UInt8] { foreign ?? Array((parcel?.text ?? text).utf8) }

  private static let minute: Int64 = 60_000

  /// The id of the CloudEvent that the publisher's sidecar created.
  var envelopeID: String { "ce-\(serial)" }

  /// The time of that CloudEvent, in whole seconds.
  var envelopeTime: Int64 { publishedAt - publishedAt % 1_000 }

  /// The effective id; nil if a redelivery could not be told from another event.
  var id: String? {
    content.id ?? (form.hasOwnEnvelope ? envelopeID : nil) ?? (isNumbered ? "kafka:\(topic):\(partition):\(offset)" : nil)
  }

  /// The delivery's own time, if there is one.
  var deliveryTime: Int64? { form.hasOwnEnvelope ? envelopeTime : isNumbered ? publishedAt : nil }

  /// The effective time.
  var milliseconds: Int64? { content.milliseconds ?? deliveryTime }

  /// Whether a replica with this clock must refuse it, according to the Contract article, "Refusals".
  func isRefused(at clock: Int64) -> Bool {
    let clock = max(clock, parcel?.judgedAt ?? clock)
    guard content.isSound, id != nil, let milliseconds else { return true }
    return milliseconds > (deliveryTime ?? clock) + 5 * Self.minute || milliseconds > clock + 24 * 60 * Self.minute
  }

  /// Its content for the naive calculation; nil if it is not valid.
  var naive: NaiveEvent? {
    guard content.isSound, let id, let milliseconds else { return nil }
    return NaiveEvent(
      id: id, milliseconds: milliseconds, minutesAhead: content.zone.minutes(at: milliseconds), student: content.student,
      parts: content.parts, source: content.source, cohort: content.cohort, place: content.place, correction: content.correction,
      isRetracted: content.isRetracted)
  }
}
