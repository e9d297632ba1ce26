internal import JSON
internal import MasteryCore
internal import Schemas

/// A student's mastery, now or at the end of an earlier day.
struct MasteryQuery: Intent {
  private static let student = Field.student("whose mastery is asked for")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let topic = Field.topic("which topics are shown; this one and those under it")
  private static let date = Field.date("date", "as of the end of that day; at most the retention ago, today when missing")
  private static let includeComponents = Field.boolean(
    "include_components", "whether components and their breakdown are shown; true when missing")
  private static let includeTopics = Field.boolean(
    "include_topics", "whether the scores of topics are shown; false when missing, unless a topic is named")
  private static let includeHistory = Field.boolean("include_history", "whether the days before are shown; false when missing")
  private static let historyDays = Field.integer("days_history", 1...90, "how many days of history; the last one included, 7 when missing")

  static let declaration = IntentDeclaration(
    name: "mastery_query", path: "/mastery/query", summary: "How a student stands, traced to the evidence.",
    audience: .concerned, perMinute: 50,
    fields: [
      student.required, course.declaration, topic.declaration, date.declaration, includeComponents.declaration,
      includeTopics.declaration,
      includeHistory.declaration, historyDays.declaration,
    ],
    answers: [found.declaration],
    example: #"""
      {"student_id":"anna","include_topics":true,"include_history":true,"days_history":3}
      """#)

  /// A student's picture.
  private struct Picture {
    let student: StudentID
    let course: CourseID?
    let result: MasteryResult
    let courses: [CourseStanding]
    let topics: [TopicScore]?
    let historicalAverage: Double?
    let trend: Trend
    let lastUpdated: Timestamp?
    let history: [HistoryPeriod]?
  }

  /// How a student stands in a course.
  private struct CourseStanding {
    let course: CourseID
    let cohort: CohortID?
    let mastery: Mastery
  }

  private static let found = AnswerShape(
    "how the student stands",
    ObjectShape<Picture>("StudentPicture", "how a student stands, traced to the evidence") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("course_id", .id, "the course that was asked for") { $0.course }
      Member("current_mastery", MasteryResult.shape, "the mastery at the end of the day that was asked for, or now") { $0.result }
      Member("courses", courseStanding.shape.list(), "the mastery of each course that is asked about") { $0.courses }
      Member.optional("topics", topicScore.shape.list(), "the scores of topics, a wider one before those under it") { $0.topics }
      Member.nullable("historical_average", .score, "the mean of the last 30 days; null if nothing is known of them") {
        $0.historicalAverage
      }
      Member("trend", .word, "the direction of the last 30 days") { $0.trend }
      Member.nullable("last_updated", .moment, "when the student's document was last saved") { $0.lastUpdated }
      Member("learning_path", Shape<Area>.word.list(), "what to work on, in order") {
        LearningPath.areas(for: $0.result.mastery.components, goal: .improveMastery)
      }
      Member.optional("history", HistoryPeriod.shape.shape.list(0...90), "the days before, if they were asked for") { $0.history }
    })

  private static let courseStanding = ObjectShape<CourseStanding>("CourseStanding", "how a student stands in a course") {
    Member("course_id", .id, "the course") { $0.course }
    Member.optional("cohort_id", .id, "the student's cohort in it") { $0.cohort }
    Member("mastery_score", .score, "the mastery in it") { $0.mastery.value }
    Member("level", .word, "the level of that mastery") { $0.mastery.level }
  }

  private static let topicScore = ObjectShape<TopicScore>("TopicScore", "how a student stands in a topic") {
    Member.optional("course_id", .id, "the topic's course") { $0.course }
    Member("topic", .path, "the topic") { $0.topic }
    Member("score", .score, "the weighted mean of completion, quiz and quality over those with evidence") { $0.score }
    Member("level", .word, "the level of that score") { $0.level }
    Member("status", .word, "whether there is enough evidence to rely on the score") { $0.status }
    Member("components", ComponentShapes.given, "the score of each component that has evidence") { $0.components }
    Member("last_updated", .moment, "when the latest of its evidence happened") { $0.lastUpdated }
  }

  private let student: StudentID
  private let course: CourseID?
  private let topic: TopicPath?
  private let day: Day?
  private let includesComponents: Bool
  private let includesTopics: Bool
  /// Number of days of history to show; nil for none.
  private let historyDays: Int?

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    course = try fields.optional(Self.course)
    topic = try fields.optional(Self.topic)
    day = try fields.optional(Self.date)
    includesComponents = try fields.optional(Self.includeComponents) ?? true
    includesTopics = try fields.optional(Self.includeTopics) ?? (topic != nil)
    let days = try fields.optional(Self.historyDays) ?? 7
    historyDays = try fields.optional(Self.includeHistory) ?? false ? days : nil
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    if let day, !(context.firstDay...context.today).contains(day) {
      throw .invalid("date", value: day.iso8601, "must be a day from \(context.firstDay.iso8601) to today")
    }
    let (document, scope) = try await context.document(of: student, in: course)
    let evidence = document.evidence
    // An unknown day is not a mastery of 0; the history leaves such days out as well.
    if let day, !evidence.isKnown(scope, asOf: day) {
      throw .notFound("nothing is known of \(student.text) up to \(day.iso8601)")
    }
    let mastery = evidence.mastery(of: scope, asOf: day)
    let lastDay = day ?? context.today
    let history = DailyHistory(of: evidence, scope, from: max(lastDay.advanced(by: -29), context.firstDay), through: lastDay)
    let result = MasteryResult(
      mastery: mastery,
      explanations: Explanation.all(in: evidence, scope, today: lastDay, isPast: day != nil),
      recommendations: Recommendations.for(mastery.components, targets: evidence.targets(of: scope, asOf: day)),
      timestamp: context.now, revision: document.ledger.revision, showsComponents: includesComponents)
    let days = historyDays.map { days in
      DailyHistory(of: evidence, scope, from: max(lastDay.advanced(by: 1 - days), context.firstDay), through: lastDay).periods(.daily)
    }
    return Answer(
      Self.found,
      Picture(
        student: student, course: course, result: result, courses: courses(of: evidence),
        topics: includesTopics ? evidence.topicScores(of: scope, within: topic, asOf: day) : nil,
        historicalAverage: history.historicalAverage(endingOn: lastDay), trend: history.trend(endingOn: lastDay),
        lastUpdated: document.ledger.lastRevision?.savedAt, history: days))
  }

  /// How the student stands in each course that is asked about.
  private func courses(of evidence: EvidenceRecord) -> [CourseStanding] {
    evidence.knownCourses(asOf: day).filter { (course ?? $0) == $0 }.map { course in
      CourseStanding(course: course, cohort: evidence.cohort(in: course), mastery: evidence.mastery(of: .course(course), asOf: day))
    }
  }
}
