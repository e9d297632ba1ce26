internal import JSON

/// The reason for refusing an event, as a code for metrics and reports.
enum RejectionReason: String, CaseIterable, Sendable {
  /// It is not JSON, not an object, or in an envelope that cannot be opened.
  case malformed
  /// It exceeds the maximum size of an event.
  case tooLarge = "too_large"
  /// Its type is unknown.
  case unknownType = "unknown_type"
  /// A required field is missing.
  case missingField = "missing_field"
  /// The id of its student, its school or itself breaks the rule for ids.
  case invalidID = "invalid_id"
  /// Its time cannot be read, or is in the future.
  case invalidTime = "invalid_time"
  /// A field of its evidence has the wrong type or is out of range.
  case invalidValue = "invalid_value"
  /// Its course and topic would be one more than a student can have.
  case tooManyTopics = "too_many_topics"

  /// The reason for a field that breaks its rule.
  init(of invalid: JSONInvalid) {
    self =
      switch invalid.field {
      case EventReader.whole: invalid.constraint == EventReader.sizeConstraint ? .tooLarge : .malformed
      case _ where invalid.value == nil: .missingField
      case "event_type": .unknownType
      case "event_id", "student_id", "course_id", "metadata.course_id", "metadata.school_id": .invalidID
      case "timestamp", EventReader.envelopeTime: .invalidTime
      default: .invalidValue
      }
  }
}
