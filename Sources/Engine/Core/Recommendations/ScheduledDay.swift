/// One day of a learning path.
public struct ScheduledDay: Hashable, Sendable {
  /// An area and how long to work on it that day.
  public struct Item: Hashable, Sendable {
    /// What to work on.
    public let area: Area
    /// The minutes to spend on it.
    public let minutes: Int
  }

  /// Maximum minutes planned for a day.
  public static let minutesADay = 60

  /// The day.
  public let day: Day
  /// What to do that day, in order.
  public private(set) var items: [Item]

  /// The minutes planned for the day.
  public var minutes: Int { items.reduce(0) { $0 + $1.minutes } }

  /// Packs `steps` in order, starting on `first`.
  ///
  /// A step that does not fit into the rest of a day moves to the next one; only a step longer than a whole day is split.
  static func schedule(_ steps: [Item], from first: Day) -> [Self] {
    var days: [Self] = []
    for step in steps {
      var left = step.minutes
      while left > 0 {
        let room = days.last.map { minutesADay - $0.minutes } ?? 0
        guard room > 0, left <= room || left > minutesADay else {
          days.append(Self(day: first.advanced(by: days.count), items: []))
          continue
        }
        let part = min(left, room)
        days[days.count - 1].items.append(Item(area: step.area, minutes: part))
        left -= part
      }
    }
    return days
  }
}
