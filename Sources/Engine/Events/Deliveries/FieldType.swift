/// The type of a field.
enum FieldType: Sendable, Hashable {
  /// The id of a student, a school or a cohort, or a whole number, read as its digits.
  case identifier
  /// One to three ids with `/` between them.
  case topic
  /// 1 to 128 visible ASCII characters, or a whole number, read as its digits.
  case eventID
  /// A whole number within bounds.
  case integer(ClosedRange<Int>)
  /// True or false.
  case boolean
  /// One of several words.
  case choice([String])
  /// A list with a bounded number of elements, which the intent reads itself.
  case list(ClosedRange<Int>)
  /// A calendar day, `2026-03-01`.
  case date
  /// A moment, as ISO 8601 text or as a number since 1970.
  case timestamp
  /// Text up to a number of bytes.
  case text(limit: Int)
  /// Components, each a number 0…1 or an evidence object.
  case components
  /// A weight 0…1 for each component; the sum is 1.
  case weights
  /// An object whose members the intent reads itself.
  case object

  /// The constraint in words.
  var constraint: String {
    switch self {
    case .identifier: "must be 1 to 128 letters, digits or _ - . @ : + = ~ | (but not . or ..), or a whole number from 0 to 2^53 - 1"
    case .topic: "must be one to three names with / between them, each of 1 to 128 letters, digits or _ - . @ : + = ~ | (but not . or ..)"
    case .eventID: "must be 1 to 128 visible ASCII characters, or a whole number from 0 to 2^53 - 1"
    case .integer(let range): "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "must be true or false"
    case .choice(let words): "must be one of \(words.joined(separator: ", "))"
    case .list(let range): "must be a list of \(range.lowerBound) to \(range.upperBound) elements"
    case .date: "must be a date, YYYY-MM-DD"
    case .timestamp: EventTime.constraint
    case .text(let limit): "must be text of at most \(limit) bytes"
    case .components: "must be an object of components"
    case .weights: "must be an object with a weight from 0 to 1 for each of the four components, 1 in sum"
    case .object: "must be an object"
    }
  }
}
