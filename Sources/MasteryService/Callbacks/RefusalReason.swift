internal import JSON

/// Why an event is refused, in one word for metrics and reports.
enum RefusalReason: String, CaseIterable, Sendable {
  /// It is no JSON, no object, or in an envelope that cannot be opened.
  case malformed
  /// It has more bytes than an event may have.
  case tooLarge = "too_large"
  /// Its type is none that is known.
  case unknownType = "unknown_type"
  /// A field that it needs is not there.
  case missingField = "missing_field"
  /// The id of its student, its school or itself breaks the rule for ids.
  case invalidID = "invalid_id"
  /// Its time cannot be read, or lies in the future.
  case invalidTime = "invalid_time"
  /// A field of its evidence is of another kind or out of range.
  case invalidValue = "invalid_value"

  /// The reason that a field which breaks its rule comes to.
  init(of invalid: JSONInvalid) {
    self =
      switch invalid.field {
      case EventReader.whole: invalid.constraint == EventReader.sizeConstraint ? .tooLarge : .malformed
      case _ where invalid.value == nil: .missingField
      case "event_type": .unknownType
      case "event_id", "student_id", "metadata.school_id": .invalidID
      case "timestamp", EventReader.envelopeTime: .invalidTime
      default: .invalidValue
      }
  }
}
