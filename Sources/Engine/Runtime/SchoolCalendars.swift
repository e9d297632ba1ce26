internal import MasteryCore

/// By whose wall clocks a school's days begin and end.
public struct SchoolCalendars: Sendable, Hashable {
  /// The zone of all schools that have none of their own, and of data without a school; nil for UTC.
  var common: TimeZoneName?
  /// The zones of schools that have one of their own.
  var schools: [SchoolID: TimeZoneName] = [:]

  /// Days in UTC for everybody.
  public init() {}

  /// How far a school's clocks are ahead of UTC at a moment.
  func offset(at moment: Timestamp, in school: SchoolID?) -> UTCOffset {
    let own = school.flatMap { schools[$0] }
    return (own ?? common)?.offset(at: moment) ?? .zero
  }

  /// A school's day at a moment.
  func day(of moment: Timestamp, in school: SchoolID?) -> Day { Day(moment, offset(at: moment, in: school)) }

  /// Observations, each on its school's day.
  func dated(_ observations: [Observation], in school: SchoolID?) -> [Observation] {
    guard common != nil || !schools.isEmpty else { return observations }
    return observations.map { $0.dated(offset(at: $0.timestamp, in: school)) }
  }
}
