internal import NaiveMastery

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
