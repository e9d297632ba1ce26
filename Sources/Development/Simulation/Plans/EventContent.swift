internal import NaiveMastery

/// An event's content, as plain values for the naive calculation.
struct EventContent: Sendable {
  /// The event's own id, if it has one.
  var id: String?
  /// The event's own time in milliseconds since 1970, if it has one.
  var milliseconds: Int64?
  var school: String?
  var student: String
  /// The school's wall clocks.
  var zone = NaiveZone.utc
  var cohort: String?
  var source: String?
  /// The course and the topic.
  var place = NaivePlace()
  /// How often the event was corrected.
  var correction = 0
  /// Whether it takes its parts back; their fields then say nothing.
  var isRetracted = false
  /// The raw fields by component.
  var parts: [String: [String: NaiveField]] = [:]
  /// Whether the rules of the Contract article, "Events in", accept it, apart from its id and time.
  var isSound = true

  /// Its school and student.
  var owner: String { school.map { "\($0)/\(student)" } ?? student }

  /// The state key of its student's document.
  var documentKey: String {
    let own = "student:\(student.inStateKey):profile:current_mastery"
    return school.map { "school:\($0.inStateKey):\(own)" } ?? own
  }
}

extension String {
  /// An id as it stands in a state key, by the Contract article, "State".
  var inStateKey: String {
    utf8.reduce(into: "") { key, byte in
      let character = Character(Unicode.Scalar(byte))
      let isPlain = byte < 0x80 && (character.isLetter || character.isNumber) || "_-".contains(character)
      key += isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
}
