internal import JSON
internal import MasteryCore

/// A student's mastery, now or at the end of an earlier day.
struct MasteryQuery: Intent {
  private static let student = Field.student("whose mastery is asked for")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let topic = Field.topic("which topics are shown: this one and those under it")
  private static let date = Field.date("date", "as of the end of that day, at most the retention ago; today when missing")
  private static let includeComponents = Field.boolean(
    "include_components", "whether components and their breakdown are shown; true when missing")
  private static let includeTopics = Field.boolean(
    "include_topics", "whether the scores of topics are shown; false when missing, unless a topic is named")
  private static let includeHistory = Field.boolean("include_history", "whether the days before are shown; false when missing")
  private static let historyDays = Field.integer("days_history", 1...90, "how many days of history, the last one included; 7 when missing")

  static let declaration = IntentDeclaration(
    name: "mastery_query", path: "/mastery/query", summary: "How a student stands, traced to the evidence.",
    audience: .concerned, perMinute: 50,
    fields: [
      student.declaration, course.declaration, topic.declaration, date.declaration, includeComponents.declaration,
      includeTopics.declaration,
      includeHistory.declaration, historyDays.declaration,
    ])

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
    return Answer { json in
      json.identity(student, nil, nil)
      if let course { json.member("course_id", course.text) }
      json.object("current_mastery") { result.write(to: &$0) }
      writeCourses(of: evidence, to: &json)
      if includesTopics {
        json.objects("topics", of: evidence.topicScores(of: scope, within: topic, asOf: day)) { json, topic in Self.write(topic, to: &json)
        }
      }
      json.member("historical_average", shown: history.historicalAverage(endingOn: lastDay))
      json.member("trend", history.trend(endingOn: lastDay).rawValue)
      json.member("last_updated", document.ledger.lastRevision?.savedAt.iso8601)
      json.member("learning_path") { $0.areas(LearningPath.areas(for: mastery.components, goal: .improveMastery)) }
      if let historyDays {
        let first = max(lastDay.advanced(by: 1 - historyDays), context.firstDay)
        json.member("history") { $0.history(DailyHistory(of: evidence, scope, from: first, through: lastDay).periods(.daily)) }
      }
    }
  }

  /// Writes how the student stands in each course that is asked about.
  private func writeCourses(of evidence: EvidenceRecord, to json: inout JSONWriter) {
    let courses = evidence.knownCourses(asOf: day).filter { (course ?? $0) == $0 }
    json.objects("courses", of: courses) { json, course in
      let mastery = evidence.mastery(of: .course(course), asOf: day)
      json.member("course_id", course.text)
      if let cohort = evidence.cohort(in: course) { json.member("cohort_id", cohort.text) }
      json.member("mastery_score", mastery.shown)
      json.member("level", mastery.level.rawValue)
    }
  }

  private static func write(_ topic: TopicScore, to json: inout JSONWriter) {
    if let course = topic.course { json.member("course_id", course.text) }
    json.member("topic", topic.topic.text)
    json.member("score", shown: topic.score)
    json.member("level", topic.level.rawValue)
    json.member("status", topic.status.rawValue)
    json.member("components") { $0.given(topic.components) }
    json.member("last_updated", topic.lastUpdated.iso8601)
  }
}
