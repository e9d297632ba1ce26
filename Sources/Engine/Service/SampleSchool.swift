internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A school of a few students in memory, about whom the examples of the documents ask: each example is what the service really answers.
///
/// Its clock stands still and its random numbers are counted, so the examples are always the same.
struct SampleSchool: Sendable {
  /// Monday, 16 March 2026, nine o'clock.
  private static let now = Timestamp(milliseconds: 1_773_651_600_000)
  private static let school = "northside"

  private let school: MemorySchool
  /// The random words: zero while a batch is begun, whose id the examples name.
  private let words = CountedWords()

  private init(_ intents: IntentTable) {
    let runtime = Runtime(now: { Self.now }, sleep: { _ in await Task.yield() }, random: { [words] in words.next() })
    school = MemorySchool(SchoolID(Self.school), intents, runtime) { $0.minimumGroup = 3 }
  }

  /// What comes of the sample.
  struct Course: Sendable {
    /// What was asked and answered, by the intent's name.
    var exchanges: [String: SampleExchange] = [:]
    /// An event of each type that was published, by the type.
    var events: [String: [UInt8]] = [:]
  }

  /// Lets the students work, and asks each intent for its example.
  static func course(_ intents: IntentTable = .standard) async -> Course {
    let sample = Self(intents)
    let school = sample.school
    var course = Course()
    for event in events { await school.deliver(event, to: "mastery.requests") }
    await school.deliver(
      event("anna", "quiz.completed", "functions", now.adding(milliseconds: -86_400_000), ("total_questions", 10), ("correct_answers", 12)),
      to: "mastery.requests")
    await school.redeliver(Topic.deadLetters)
    await school.deliver(
      Array(#"{"event_id":"quiz-17","event_type":"quiz.completed","student_id":"anna","data":{}}"#.utf8), to: "mastery.requests")
    await school.redeliver(Topic.standings)
    sample.words.fix(true)
    _ = await school.answer(to: BatchMastery.self, Array(#"{"requests":["anna","ben","cleo"],"async":true}"#.utf8), as: .admin)
    sample.words.fix(false)
    for priority in BatchJob.Priority.allCases { await school.redeliver(priority.topic) }
    for intent in intents.all {
      let declaration = intent.declaration
      let request = Array(declaration.example.description.utf8)
      guard let answer = await school.answer(to: intent, request) else { continue }
      course.exchanges[declaration.name] = SampleExchange(request: request, status: answer.status, answer: answer.body)
    }
    for declaration in PublishedEvents.all { course.events[declaration.type] = school.take(from: declaration.topic).last }
    return course
  }

  // MARK: What the students did

  /// Two weeks of five students in a course.
  private static var events: [[UInt8]] {
    var events: [[UInt8]] = []
    for (place, student) in ["anna", "ben", "cleo", "dan", "zoe"].enumerated() {
      for day in stride(from: 13, through: 1, by: -3) {
        let at = now.adding(milliseconds: -Int64(day) * 86_400_000)
        let solved = 4 + (place * 3 + day * 5) % 7
        let right = 5 + (place + day) % 6
        events.append(
          event(student, "exercise.completed", "variables", at, ("total_exercises", 10), ("completed_exercises", solved)))
        events.append(event(student, "quiz.completed", "loops", at, ("total_questions", 10), ("correct_answers", right)))
      }
    }
    return events
  }

  private static func event(
    _ student: String, _ type: String, _ topic: String, _ at: Timestamp, _ figures: (name: String, value: Int)...
  ) -> [UInt8] {
    JSONWriter.object { json in
      json.member("event_id", "\(student)-\(topic)-\(at.milliseconds / 86_400_000)")
      json.member("event_type", type)
      json.member("timestamp", at.iso8601)
      json.member("student_id", student)
      json.member("course_id", "python-1" as StaticString)
      json.member("topic", topic)
      json.object("data") { json in for figure in figures { json.member(named: figure.name, figure.value) } }
      json.object("metadata") { json in
        json.member("school_id", school)
        json.member("cohort_id", "spring" as StaticString)
        json.member("source", "learning-platform" as StaticString)
      }
    }
  }
}
