/// The events of a delivery that go nowhere, by student in order.
struct ForgottenEvents {
  /// What went nowhere of a student.
  struct Student {
    let key: StudentKey
    var events: Int
    /// Whether that is for want of consent.
    var isWithdrawn: Bool
  }

  private(set) var students: [Student] = []

  /// Adds what a fold has left out.
  mutating func add(_ outcome: FoldOutcome, of key: StudentKey) {
    guard case .folded(let forgotten, let isWithdrawn) = outcome else { return }
    add(forgotten, isWithdrawn, of: key)
  }

  /// Adds an event that could not be taken in.
  mutating func add(_ verdict: DeadLetterRule.Verdict, of key: StudentKey?) {
    guard let key, case .forgotten(let isWithdrawn) = verdict else { return }
    add(1, isWithdrawn, of: key)
  }

  private mutating func add(_ events: Int, _ isWithdrawn: Bool, of key: StudentKey) {
    guard events > 0 else { return }
    guard let place = students.firstIndex(where: { $0.key == key }) else {
      return students.append(Student(key: key, events: events, isWithdrawn: isWithdrawn))
    }
    students[place].events += events
    students[place].isWithdrawn = students[place].isWithdrawn || isWithdrawn
  }
}
