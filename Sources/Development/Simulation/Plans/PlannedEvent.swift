internal import NaiveMastery

/// An event that is published in a simulated world.
struct PlannedEvent: Sendable {
  /// The recorded body form in which the sidecar delivers an event.
  enum Form: String, CaseIterable, Sendable {
    /// The data of a CloudEvent.
    case object
    /// A CloudEvent whose data is a string.
    case text
    /// A CloudEvent with `data_base64`.
    case base64
    /// Published raw: no CloudEvent around it.
    case bare
    /// Delivered by a raw subscription: in an envelope created at delivery, with a different id each time and no time.
    case raw

    /// The forms in which publishers' events arrive over the event subscriptions.
    static let published: [Self] = [.object, .text, .base64, .bare]

    /// Whether the envelope is the publisher's, with the same id and time at every delivery.
    var hasOwnEnvelope: Bool { self == .object || self == .text || self == .base64 }
  }

  /// Milliseconds since the world began.
  var at: Int
  let topic: String
  /// The event's text, JSON or not.
  let text: String
  let form: Form
  private(set) var content: EventContent
  /// Its bytes if it is not a JSON object.
  var foreign: [UInt8]?

  /// The same event of a school with these wall clocks.
  func zoned(_ zone: NaiveZone) -> Self {
    var zoned = self
    zoned.content.zone = zone
    return zoned
  }
}
