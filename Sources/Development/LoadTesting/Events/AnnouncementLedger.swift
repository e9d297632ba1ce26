internal import JSON

/// What was announced about the students of a load beside results, and how much of it was said more than once.
///
/// A student has one announcement of a kind for a revision at most, so one of a revision that was announced before, or of an earlier one, is
/// said again.
public struct AnnouncementLedger: Sendable {
  /// The highest revision that was announced, by kind and student.
  private var revisions: [String: [Int]] = [:]
  private let students: Int
  /// Number of announcements.
  public private(set) var count = 0
  /// Number of those that were said again.
  public private(set) var repeated = 0

  /// A ledger of so many students.
  public init(students: Int) { self.students = max(0, students) }

  /// Takes in a message of a topic; others than those about the load's students do not count.
  public mutating func take(_ message: [UInt8]) {
    let read = try? JSONDocument.parse(message) { (root) throws(Never) -> (kind: String, student: Int, revision: Int)? in
      guard let data = root["data"], let kind = data["event_type"]?.string, let revision = data["revision"]?.number,
        let student = data["student_id"]?.string.flatMap({ EventPlan.student(ofID: $0) })
      else { return nil }
      return (kind, student, Int(revision))
    }
    guard let said = read ?? nil, (0..<students).contains(said.student) else { return }
    count += 1
    let last = revisions[said.kind, default: Array(repeating: 0, count: students)][said.student]
    if said.revision <= last {
      repeated += 1
    } else {
      revisions[said.kind, default: Array(repeating: 0, count: students)][said.student] = said.revision
    }
  }
}
