import MasteryCore
import NaiveMastery
import Testing

// Short constructors for values that a test knows to be valid.

func id(_ text: String) throws -> EventID { try #require(EventID(text)) }

func day(_ text: String) throws -> Day { try #require(Day(iso8601: text)) }

func time(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

func score(_ value: Double) throws -> Score { try #require(Score(value)) }

func scores(_ completion: Double?, _ quiz: Double?, _ quality: Double?, _ consistency: Double?) throws -> ComponentValues<Score> {
  ComponentValues(
    completion: try completion.map(score), quiz: try quiz.map(score), quality: try quality.map(score),
    consistency: try consistency.map(score))
}

func observation(
  _ event: String, _ at: String, in topic: CourseTopic = .none, cohort: String? = nil, source: String? = nil, correction: Int = 0,
  completion: Double? = nil, quiz: Double? = nil, quality: Double? = nil, consistency: Double? = nil
) throws -> Observation {
  try observation(
    event, at, in: topic, cohort: cohort, source: source, correction: correction,
    contents: scores(completion, quiz, quality, consistency).map { .given($0) })
}

func observation(
  _ event: String, _ at: String, in topic: CourseTopic = .none, cohort: String? = nil, source: String? = nil, correction: Int = 0,
  contents: ComponentValues<EvidenceContent>
) throws -> Observation {
  Observation(
    event: try id(event), timestamp: try time(at), correction: try #require(Correction(correction)),
    source: try source.map { try #require(SourceName($0)) }, topic: topic, cohort: try cohort.map { try #require(CohortID($0)) },
    contents: contents)
}

/// A course and a topic, written `course/topic`; either may be empty.
func topic(_ text: String) throws -> CourseTopic {
  let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  let names = parts.count > 1 ? parts[1] : ""
  let (course, path) = (CourseID(parts[0]), TopicPath(names))
  try #require((course == nil) == parts[0].isEmpty && (path == nil) == names.isEmpty)
  return CourseTopic(course: course, topic: path)
}

func document(cutoff: String, student: String = "anna", epoch: Int64 = 1) throws -> StudentDocument {
  StudentDocument(student: try #require(StudentID(student)), school: nil, cutoff: try day(cutoff), epoch: epoch)
}

extension Observation {
  /// The core's observation of a plain event.
  init(_ event: NaiveEvent) throws {
    var contents = ComponentValues<EvidenceContent>()
    for (name, fields) in event.parts {
      contents[try #require(Component(rawValue: name))] = event.isRetracted ? .retracted : try Self.content(of: name, fields)
    }
    self.init(
      event: try id(event.id), timestamp: Timestamp(milliseconds: event.milliseconds),
      offset: try #require(UTCOffset(minutes: event.minutesAhead)), correction: try #require(Correction(event.correction)),
      source: event.source.flatMap(SourceName.init),
      topic: CourseTopic(course: event.place.course.flatMap(CourseID.init), topic: event.place.topic.flatMap(TopicPath.init)),
      cohort: event.cohort.flatMap(CohortID.init), contents: contents)
  }

  private static func content(of component: String, _ fields: [String: NaiveField]) throws -> EvidenceContent {
    func number(_ name: String) -> Double? {
      if case .number(let value)? = fields[name] { value } else { nil }
    }
    func count(_ name: String) throws -> Int { Int(try #require(number(name))) }
    if let given = number("score") { return .given(try #require(Score(given))) }
    switch component {
    case "completion":
      let difficulty: Difficulty? = if case .text(let name)? = fields["difficulty"] { Difficulty(rawValue: name) } else { nil }
      return .completion(
        try CompletionEvidence(
          totalExercises: count("total_exercises"), completedExercises: count("completed_exercises"),
          difficulty: difficulty ?? .intermediate))
    case "quiz":
      return .quiz(
        try QuizEvidence(
          totalQuestions: count("total_questions"), correctAnswers: count("correct_answers"), timeSpent: number("time_spent"),
          attempts: number("attempts").map { Int($0) }))
    case "quality":
      return .quality(
        try QualityEvidence(
          codeQualityScore: number("code_quality_score") ?? number("avg_code_quality"),
          correctnessScore: number("correctness_score") ?? number("correctness"),
          efficiencyScore: number("efficiency_score") ?? number("efficiency"), peerReviewScore: number("peer_review_score")))
    default:
      return .consistency(
        try ConsistencyEvidence(
          currentStreak: count("current_streak"), maxStreak: count("max_streak"),
          daysSinceLastActivity: try #require(number("days_since_last_activity"))))
    }
  }
}

extension ComponentValues<Score> {
  /// The numbers by the components' names.
  var plain: [String: Double] { Dictionary(uniqueKeysWithValues: map { ($0.component.rawValue, $0.value.value) }) }
}

/// Whether both have the same value for each component, up to binary noise.
func agree(_ left: [String: Double], _ right: [String: Double]) -> Bool {
  left.count == right.count && left.allSatisfy { name, value in right[name].map { abs($0 - value) < 1e-12 } ?? false }
}

extension EvidenceRecord {
  /// The evidence that names neither course nor topic; empty if there is none.
  var general: TopicRecord {
    get throws { try #require(topics.first { $0.topic == .none }) }
  }
}
