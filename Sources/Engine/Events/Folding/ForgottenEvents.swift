/// The forgotten events of a delivery, by student in order.
struct ForgottenEvents {
  /// The forgotten events of a student.
  struct Student {
    let key: StudentKey
    var events: Int
    /// Whether the reason is missing consent.
    var isWithdrawn: Bool
  }

  private(set) var students: [Student] = []

  /// Adds the events that a fold left out.
  mutating func add(_ outcome: FoldOutcome, of key: StudentKey) {
    guard case .folded(let forgotten, let isWithdrawn, _) = outcome else { return }
    add(forgotten, isWithdrawn, of: key)
  }

  /// Adds an event that could not be processed.
  mutating func add(_ verdict: DeadLetterRule.Verdict, of key: StudentKey?) {
    guard let key, case .forgotten(let isWithdrawn) = verdict else { return }
    add(1, isWithdrawn, of: key)
  }

  private mutating func add(_ events: Int, _ isWithdrawn: Bool, of key: StudentKey) {
    guard events > 0 else { return }
    guard let index = students.firstIndex(where: { $0.key == key }) else {
      return students.append(Student(key: key, events: events, isWithdrawn: isWithdrawn))
    }
    students[index].events += events
    students[index].isWithdrawn = students[index].isWithdrawn || isWithdrawn
  }
}
