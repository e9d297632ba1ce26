internal import MasteryCore
internal import MasteryService

/// The events of a file by student, in chronological order.
struct Course {
  /// One student's part of the course.
  struct Student {
    let key: StudentKey
    /// The student's last cohort; nil without one.
    let cohort: CohortID?
    /// The observations, in order of time.
    var observations: [Observation]
    /// The last day with any event in the student's cohort.
    var end: Day
  }

  /// The students, ordered by school and id.
  let students: [Student]
  /// Lines that the service would refuse.
  let refused: Int

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - file: The events.
  ///   - ending: Limits the students to cohorts whose id ends with this text; nil takes all.
  /// - Throws: `CommandFailure` if the file cannot be read.
  init(_ file: borrowing EventFile, cohorts ending: String? = nil) throws(CommandFailure) {
    var byStudent: [StudentKey: [Observation]] = [:]
    var refused = 0
    var progress = ProgressBar(size: file.size)
    var lines = try file.lines()
    while let line = try lines.next() {
      if let event = RecordedEvent(line) {
        if !event.observation.contents.isEmpty { byStudent[event.key, default: []].append(event.observation) }
      } else {
        refused += 1
      }
      if lines.number.isMultiple(of: 1_000) { progress.show(position: lines.position, events: lines.number, now: .earliest) }
    }
    progress.end()
    self.refused = refused
    students = Self.students(byStudent, ending)
  }

  private static func students(_ byStudent: [StudentKey: [Observation]], _ ending: String?) -> [Student] {
    struct Cohort: Hashable {
      let school: SchoolID?
      let id: CohortID?
    }
    var ends: [Cohort: Day] = [:]
    var students: [(student: Student, cohort: Cohort)] = []
    for (key, observations) in byStudent {
      let sorted = observations.sorted { ($0.timestamp, $0.event) < ($1.timestamp, $1.event) }
      guard let last = sorted.last else { continue }
      let cohort = Cohort(school: key.school, id: sorted.last { $0.cohort != nil }?.cohort)
      if let ending, !(cohort.id?.text.hasSuffix(ending) ?? false) { continue }
      let end = Day(last.timestamp)
      ends[cohort] = max(ends[cohort] ?? end, end)
      students.append((Student(key: key, cohort: cohort.id, observations: sorted, end: end), cohort))
    }
    return students.map { student, cohort in
      var student = student
      student.end = ends[cohort] ?? student.end
      return student
    }
    .sorted { ($0.key.school?.text ?? "", $0.key.student.text) < ($1.key.school?.text ?? "", $1.key.student.text) }
  }
}
