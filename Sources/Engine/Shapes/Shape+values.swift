internal import JSON
internal import MasteryCore
internal import Schemas

// The form of single values in answers and events.

extension Schema {
  /// The form of an id of a student, a school, a cohort, a course or a batch.
  static let identifier = Self.text(TextForm(pattern: #"^(?!\.{1,2}$)[A-Za-z0-9_.@:+=~|-]{1,128}$"#, length: 1...128))
  /// The form of a topic's path.
  static let topic = Self.text(
    TextForm(
      pattern: #"^(?!\.{1,2}(/|$))[A-Za-z0-9_.@:+=~|-]{1,128}(/(?!\.{1,2}(/|$))[A-Za-z0-9_.@:+=~|-]{1,128}){0,2}$"#, length: 1...386))
  /// The form of an event's id.
  static let eventID = Self.text(TextForm(pattern: "^[!-~]{1,128}$", length: 1...128))
  /// A moment in UTC.
  static let moment = Self.text(TextForm(format: "date-time"))
  /// A calendar day of the school.
  static let day = Self.text(TextForm(format: "date"))
  /// A number from 0 to 1.
  static let unit = Self.number(0...1)
}

extension Shape where Value == String {
  /// The id of a student, a school, a cohort, a course or a batch.
  static let identifier = Self(.identifier) { $1.string($0) }
}

extension Shape where Value == StudentID {
  static let id = Shape<String>.identifier.from { (id: StudentID) in id.text }
}

extension Shape where Value == SchoolID {
  static let id = Shape<String>.identifier.from { (id: SchoolID) in id.text }
}

extension Shape where Value == CohortID {
  static let id = Shape<String>.identifier.from { (id: CohortID) in id.text }
}

extension Shape where Value == CourseID {
  static let id = Shape<String>.identifier.from { (id: CourseID) in id.text }
}

extension Shape where Value == BatchID {
  static let id = Shape<String>.identifier.from { (id: BatchID) in id.text }
}

extension Shape where Value == TopicPath {
  static let path = Self(.topic) { $1.string($0.text) }
}

extension Shape where Value == EventID {
  static let id = Self(.eventID) { $1.string($0.text) }
}

extension Shape where Value == SourceName {
  static let name = Self(.text(TextForm(length: 0...128))) { $1.string($0.text) }
}

extension Shape where Value == Timestamp {
  /// A moment as ISO 8601 text in UTC.
  static let moment = Self(.moment) { $1.string($0.iso8601) }
}

extension Shape where Value == Day {
  /// A day as ISO 8601 text.
  static let day = Self(.day) { $1.string($0.iso8601) }
}

extension Shape where Value == Double {
  /// A number from 0 to 1, shown rounded to 3 decimals.
  static let score = Self(.unit) { $1.shown($0) }
  /// A number from 0 to 1 as it is.
  static let exact = Self(.unit) { $1.number($0) }
  /// A difference of scores, from -1 to 1, shown rounded to 3 decimals.
  static let change = Self(.number(-1...1)) { $1.shown($0) }
}

extension Shape where Value == Score {
  static let score = Shape<Double>.score.from { (score: Score) in score.value }
}

extension Shape where Value == Int {
  /// A score from 0 to 1, given in thousandths.
  static let thousandths = Self(.unit) { $1.number(Double($0) / 1_000) }
}
