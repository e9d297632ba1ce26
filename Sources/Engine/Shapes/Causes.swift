internal import MasteryCore
internal import Schemas

/// The events that caused a revision.
struct Causes: Sendable {
  /// Those that are listed, at most 50.
  let events: [EventID]
  /// How many there were.
  let count: Int

  /// The members `caused_by` and `caused_by_count`.
  static let members = ObjectShape<Self> {
    Member("caused_by", Shape<EventID>.id.list(0...50), "the ids of the events that caused the revision") { $0.events }
    Member("caused_by_count", .count, "how many there were") { $0.count }
  }
}
