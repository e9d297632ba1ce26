internal import JSON
internal import MasteryCore

/// The prompt for a teacher's weekly review of students.
struct WeeklyReview {
  static let name = "weekly_review"
  private static let arguments = [
    ("students", "ids of the students, separated by commas; a teacher's own students when missing"),
    ("cohort_id", "a cohort, in place of students"),
    ("course_id", "only what is known of this course"),
  ]
  /// Maximum students that are asked about, and maximum bytes of their ids in the text.
  private static let (mostNamed, longest) = (100, 2_400)

  private let students: [StudentID]
  private let cohort: CohortID?
  private let course: CourseID?

  /// Writes the entry in the list of prompts.
  static func writeEntry(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      json.member("description", "A teacher's weekly review: who needs help, with what, and what to do next" as StaticString)
      json.objects("arguments", of: arguments) { json, argument in
        json.member("name", argument.0)
        json.member("description", argument.1)
        json.member("required", false)
      }
    }
  }

  /// Whether callers of a role have anybody to review.
  static func isFor(_ role: Caller.Role) -> Bool { role != .student }

  /// Reads the arguments; ids are checked, so that nothing else gets into the text.
  ///
  /// - Parameters:
  ///   - arguments: The JSON text of the arguments.
  ///   - caller: Whose students are reviewed when none are named.
  /// - Throws: `RPCError` that names the argument.
  init(_ arguments: [UInt8], for caller: Caller) throws(RPCError) {
    var given: [String: String] = [:]
    do throws(JSONFailure<RPCError>) {
      given = try JSONDocument.parse(arguments) { (root) throws(RPCError) in
        var given: [String: String] = [:]
        for (name, value) in root.members where !value.isNull {
          guard let known = Self.arguments.first(where: { name.matches($0.0) })?.0 else {
            throw .invalidParameters("there is no argument \"\(name.string.prefix(100))\"")
          }
          guard let text = value.string else { throw .invalidParameters("\(known) must be text") }
          guard given[known] == nil else { throw .invalidParameters("\(known) must be given once") }
          given[known] = text
        }
        return given
      }
    } catch {
      if case .reading(let own) = error { throw own }
      throw .invalidParameters("arguments must be an object")
    }
    cohort = try Self.read(given["cohort_id"], "cohort_id", CohortID.init)
    course = try Self.read(given["course_id"], "course_id", CourseID.init)
    var named: [StudentID] = []
    for word in given["students"]?.split(separator: ",") ?? [] {
      if let student = try Self.read(Self.trimmed(word), "students", StudentID.init) { named.append(student) }
    }
    guard named.count <= Self.mostNamed else {
      throw .invalidParameters("students must name at most \(Self.mostNamed) students, got \(named.count)")
    }
    if cohort != nil, !named.isEmpty { throw .invalidParameters("students and cohort_id exclude each other") }
    if named.isEmpty, cohort == nil { named = caller.students.sorted { $0.text < $1.text } }
    students = named
  }

  private static func trimmed(_ word: Substring) -> String {
    String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  private static func read<ID>(_ text: String?, _ name: String, _ make: (String) -> ID?) throws(RPCError) -> ID? {
    guard let text else { return nil }
    guard let id = make(text) else { throw .invalidParameters("\(name) \(Self.idRule), got \"\(text.prefix(100))\"") }
    return id
  }

  /// Writes the members of the result.
  func write(to json: inout JSONWriter) {
    json.member("description", "A weekly review" as StaticString)
    json.objects("messages", of: [text]) { json, text in
      json.member("role", "user" as StaticString)
      json.object("content") { json in
        json.member("type", "text" as StaticString)
        json.member("text", text)
      }
    }
  }

  private static let idRule = "must be 1 to 128 letters, digits or _ - . @ : + = ~ | (but not . or ..)"

  private var text: String {
    """
    Review \(group) for this week\(course.map { " in the course \($0.text)" } ?? ""), for their teacher.

    1. \(beginning)
    2. For each student who is a beginner or developing, call get_prediction with student_id\(inCourse) and fields ["predicted_score",\
    "interval","risk","intervention_needed","reason"].
    3. For those in need of help, call adaptive_recommendations with student_id\(inCourse) and fields ["recommendations"].

    Then write at most a page: first who needs help now and why, each with one next step; then who is doing well; then what you could not \
    find out. Give scores with two decimals and the interval beside each prediction. Say nothing that no tool has answered, and do not \
    compare students with each other by name.
    """
  }

  private var group: String {
    if let cohort { return "the students of the cohort \(cohort.text)" }
    return students.isEmpty ? "the students" : "these students"
  }

  private var inCourse: String { course.map { ", course_id \"\($0.text)\"" } ?? "" }

  private var beginning: String {
    if let cohort {
      let limits = course == nil ? "" : " It knows the cohort as a whole, not the course by itself."
      return "Call cohort_summary with cohort_id \"\(cohort.text)\": it names the students at risk.\(limits)"
    }
    guard !students.isEmpty else { return "Ask which students or which cohort it is about." }
    var length = 0
    let named = students.prefix { student in
      length += student.text.utf8.count + 3
      return length <= Self.longest
    }
    let rest = named.count < students.count ? " There are \(students.count - named.count) more: ask for them by name afterwards." : ""
    return "Call batch_process with requests [\(named.map { "\"\($0.text)\"" }.joined(separator: ","))]\(inCourse) and fields "
      + "[\"results.student_id\",\"results.mastery_score\",\"results.level\"].\(rest)"
  }
}
