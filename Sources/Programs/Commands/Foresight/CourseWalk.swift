internal import MasteryCore
internal import MasteryService

/// A walk through a student's course that stops every few days and reconstructs the document as it would have been stored then.
struct CourseWalk {
  /// No forecast is judged once the last evidence is more than this many days old.
  private static let longestIdle = 28

  /// Days from one stop to the next.
  let every: Int
  /// Days that a document keeps; nil keeps all.
  let retention: Int?

  /// Visits each stop, beginning with the third day of evidence.
  ///
  /// - Parameters:
  ///   - student: The student.
  ///   - visit: Receives what was known, and can look up what came true.
  func run(_ student: Course.Student, visit: (Stop) -> Void) {
    var truth = EvidenceRecord(cutoff: Self.longAgo)
    for observation in student.observations { truth.merge(observation) }
    guard let first = truth.firstDay else { return }
    var document = StudentDocument(
      student: student.key.student, school: student.key.school, cutoff: retention.map { first.advanced(by: -$0) } ?? Self.longAgo, epoch: 1)
    var next = student.observations.startIndex
    var evidenceDays = 0
    var last = first
    for today in stride(from: first, through: student.end, by: every) {
      while next < student.observations.endIndex, Day(student.observations[next].timestamp) <= today {
        let day = Day(student.observations[next].timestamp)
        let rest = student.observations[next...].prefix { Day($0.timestamp) == day }
        document = document.applying(Array(rest), now: day.end, cutoff: cutoff(on: day)).document
        next = rest.endIndex
        evidenceDays += 1
        last = day
      }
      guard evidenceDays >= Forecast.leastDays, last.distance(to: today) <= Self.longestIdle else { continue }
      visit(Stop(evidence: document.evidence, today: today, first: cutoff(on: today), truth: truth, end: student.end))
    }
  }

  private func cutoff(on day: Day) -> Day { retention.map { day.advanced(by: -$0) } ?? Self.longAgo }

  private static let longAgo = Day(number: .min)

  /// One stop of a walk.
  struct Stop {
    /// The evidence in the document.
    let evidence: EvidenceRecord
    /// The day of the stop, at its end.
    let today: Day
    /// The first visible day.
    let first: Day
    fileprivate let truth: EvidenceRecord
    fileprivate let end: Day

    /// The mastery after the given number of days; nil if the course had ended.
    func mastery(after days: Int) -> Double? {
      let day = today.advanced(by: days)
      return day <= end ? truth.mastery(asOf: day).value : nil
    }
  }
}
