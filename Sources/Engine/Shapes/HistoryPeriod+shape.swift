internal import MasteryCore
internal import Schemas

extension HistoryPeriod {
  /// A day, or a longer period under its first day.
  static let shape = ObjectShape<Self>("HistoryPeriod", "how a student stood on a day, or on average in a longer period") {
    Member("date", .day, "the day, or the first one of the period") { $0.first }
    Member("score", .score, "the mastery at the end of the day, or the mean over the period") { $0.score }
    Member("level", .word, "the level of that score") { $0.level }
    Member.all(of: ComponentShapes.members) { $0.components }
    Member("evidence", .boolean, "whether there is evidence of that day or period itself") { $0.hasEvidence }
  }
}
