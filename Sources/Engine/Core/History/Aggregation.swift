/// How many days of a history are shown as one period.
public enum Aggregation: String, CaseIterable, Hashable, Sendable {
  /// Each day by itself.
  case daily
  /// Weeks from Monday to Sunday.
  case weekly
  /// Calendar months.
  case monthly

  /// Whether two days belong to the same period.
  func joins(_ left: Day, _ right: Day) -> Bool {
    switch self {
    case .daily: left == right
    case .weekly: left.monday == right.monday
    case .monthly: left.firstOfMonth == right.firstOfMonth
    }
  }
}

extension Day {
  /// The Monday of the day's week; 1970-01-01 was a Thursday.
  fileprivate var monday: Int { number - ((number + 3) % 7 + 7) % 7 }

  /// The first day of the day's month.
  fileprivate var firstOfMonth: Int { number - CivilDate(dayNumber: number).day }
}
