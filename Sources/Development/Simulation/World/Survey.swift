internal import HTTPServer
internal import JSON
internal import NaiveMastery

/// The requests that are sent once everything has settled: about cohorts, students, and the results of batches.
struct Survey: Sendable {
  private let parts: WorldParts
  private let replica: Replica

  init(_ parts: WorldParts) {
    self.parts = parts
    replica = Replica(9_999, ahead: 0, parts, die: { _ in }, take: { _ in })
  }

  /// Sends the requests, one after the other.
  func run() async {
    defer { replica.life.end() }
    // A key that fails now and then may still fail for a moment.
    await parts.timeline.wait(60_000)
    for question in questions {
      guard let answer = await replica.answer(Self.request(for: question), begins: { _ in }) else { continue }
      parts.chronicle.note { $0.surveyed.append(SurveyAnswer(question: question, response: answer.response)) }
    }
  }

  private var questions: [SurveyQuestion] {
    var schools: [String?: Set<String>] = [:]
    var questions: [SurveyQuestion] = []
    for content in parts.plan.events.map(\.content) + parts.plan.requests.compactMap(\.ingested) where !content.student.contains(" ") {
      schools[content.school, default: []].insert(content.student)
    }
    for (school, students) in schools.sorted(by: { $0.key ?? "" < $1.key ?? "" }) {
      let cohorts = Set(parts.plan.events.map(\.content).filter { $0.school == school }.compactMap(\.cohort))
      questions += (cohorts.sorted() + ["_school"]).map { .summary(school: school, cohort: $0) }
      for student in students.sorted() {
        let own = parts.plan.events.map(\.content).filter { $0.school == school && $0.student == student }
        let courses = Set(own.compactMap(\.place.course))
        let groups = [.cohort, .school] + courses.sorted().map { SurveyQuestion.Group.cohortOf(course: $0) }
        questions += groups.map { .compare(school: school, student: student, with: $0) }
      }
    }
    return questions + parts.chronicle.content.batches.map { .batch($0) }
  }

  private static func request(for question: SurveyQuestion) -> HTTPRequest {
    switch question {
    case .summary(let school, let cohort): .asked("GET", "/cohorts/\(cohort)/summary", of: school)
    case .compare(let school, let student, let group):
      HTTPRequest.asked("POST", "/analytics/compare", of: school, "{\"student_id\":\"\(student)\",\(fields(of: group))}")
    case .batch(let batch): .asked("GET", "/batch/mastery/\(batch.id)?limit=1000", of: batch.planned.school)
    }
  }

  private static func fields(of group: SurveyQuestion.Group) -> String {
    switch group {
    case .school: #""scope":"school""#
    case .cohort: #""scope":"cohort""#
    case .cohortOf(let course): #""scope":"cohort","course_id":"\#(course)""#
    }
  }

  /// Reads an answer's data; nil if it is a failure.
  static func data<Value>(_ response: HTTPResponse, _ read: (JSONValue) -> Value) -> Value? {
    guard (200..<300).contains(response.status) else { return nil }
    return (try? JSONDocument.parse(response.body) { (root) throws(Never) in root["data"].map(read) }) ?? nil
  }
}

extension PlannedRequest {
  /// The event that it carries; nil if there is none.
  var ingested: EventContent? { if case .ingest(let content, _, _) = kind { content } else { nil } }
}
