internal import NaiveMastery

/// An event that somebody publishes into a simulated world.
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
    /// Delivered by a raw subscription: an envelope made at delivery, with a different id each time and no time.
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
  let content: EventContent
  /// Its bytes if it is not a JSON object.
  var foreign: [UInt8]?
}

/// An event's content, as plain values for the naive calculation.
struct EventContent: Sendable {
  /// The event's own id, if it has one.
  var id: String?
  /// The event's own time in milliseconds since 1970, if it has one.
  var milliseconds: Int64?
  var school: String?
  var student: String
  var cohort: String?
  var source: String?
  /// The raw fields by component.
  var parts: [String: [String: NaiveField]] = [:]
  /// Whether the rules of the Contract article, "Events in", accept it, apart from its id and time.
  var isSound = true

  /// Its school and student.
  var owner: String { school.map { "\($0)/\(student)" } ?? student }

  /// The state key of its student's document.
  var documentKey: String {
    let own = "student:\(student):profile:current_mastery"
    return school.map { "school:\($0):\(own)" } ?? own
  }
}
