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
  _ event: String, _ at: String, cohort: String? = nil, source: String? = nil, completion: Double? = nil, quiz: Double? = nil,
  quality: Double? = nil, consistency: Double? = nil
) throws -> Observation {
  Observation(
    event: try id(event), timestamp: try time(at), source: try source.map { try #require(SourceName($0)) },
    cohort: try cohort.map { try #require(CohortID($0)) }, scores: try scores(completion, quiz, quality, consistency))
}

func document(cutoff: String, student: String = "anna", epoch: Int64 = 1) throws -> StudentDocument {
  StudentDocument(student: try #require(StudentID(student)), school: nil, cutoff: try day(cutoff), epoch: epoch)
}

extension Observation {
  /// The core's observation of a plain event.
  init(_ event: NaiveEvent) throws {
    var scores = ComponentValues<Score>()
    for (name, fields) in event.parts {
      scores[try #require(Component(rawValue: name))] = try Self.score(of: name, fields)
    }
    self.init(
      event: try id(event.id), timestamp: Timestamp(milliseconds: event.milliseconds),
      offset: try #require(UTCOffset(minutes: event.minutesAhead)), source: event.source.flatMap(SourceName.init),
      cohort: event.cohort.flatMap(CohortID.init), scores: scores)
  }

  private static func score(of component: String, _ fields: [String: NaiveField]) throws -> Score {
    func number(_ name: String) -> Double? {
      if case .number(let value)? = fields[name] { value } else { nil }
    }
    func count(_ name: String) throws -> Int { Int(try #require(number(name))) }
    if let given = number("score") { return try #require(Score(given)) }
    switch component {
    case "completion":
      let difficulty: Difficulty? = if case .text(let name)? = fields["difficulty"] { Difficulty(rawValue: name) } else { nil }
      return try CompletionEvidence(
        totalExercises: count("total_exercises"), completedExercises: count("completed_exercises"), difficulty: difficulty ?? .intermediate
      ).score
    case "quiz":
      return try QuizEvidence(
        totalQuestions: count("total_questions"), correctAnswers: count("correct_answers"), timeSpent: number("time_spent"),
        attempts: number("attempts").map { Int($0) }
      ).score
    case "quality":
      return try QualityEvidence(
        codeQualityScore: number("code_quality_score") ?? number("avg_code_quality"),
        correctnessScore: number("correctness_score") ?? number("correctness"),
        efficiencyScore: number("efficiency_score") ?? number("efficiency"), peerReviewScore: number("peer_review_score")
      ).score
    default:
      return try ConsistencyEvidence(
        currentStreak: count("current_streak"), maxStreak: count("max_streak"),
        daysSinceLastActivity: try #require(number("days_since_last_activity"))
      ).score
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
