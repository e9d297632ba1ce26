internal import JSON
internal import NaiveMastery

/// What a published result says about components, courses, topics and cohorts, as plain values.
struct SaidResult: Sendable {
  /// How the student stands in one course.
  struct Course: Hashable, Sendable {
    let course: String
    let cohort: String?
    let score: Double?
    let level: String?
    /// All four components, as they are shown.
    let components: [String: Double]
  }

  let cohort: String?
  let formerCohorts: Set<String>
  /// All four components, as they are shown.
  let components: [String: Double]
  let missing: Set<String>
  let courses: [Course]
  let topics: Set<NaivePlace>

  /// Reads a result; nil if it has no data.
  init?(_ body: [UInt8]) {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) -> Self? in root["data"].map { Self($0) } }
    guard let read else { return nil }
    self = read
  }

  private init(_ data: JSONValue) {
    cohort = data["cohort_id"]?.string
    formerCohorts = Set(data["former_cohorts"]?.elements.compactMap(\.string) ?? [])
    components = Self.components(data)
    missing = Set(data["missing"]?.elements.compactMap(\.string) ?? [])
    courses = Self.courses(data)
    topics = Set(
      data["topics"]?.elements.map { NaivePlace(course: $0["course_id"]?.string, topic: $0["topic"]?.string) } ?? [])
  }

  /// The courses of a result or of an answer, in their order.
  static func courses(_ data: JSONValue) -> [Course] {
    data["courses"]?.elements.map { course in
      Course(
        course: course["course_id"]?.string ?? "", cohort: course["cohort_id"]?.string, score: course["mastery_score"]?.number,
        level: course["level"]?.string, components: components(course))
    } ?? []
  }

  /// The members of `components`; none if they are not shown.
  static func components(_ value: JSONValue) -> [String: Double] {
    value["components"].map { shown in
      shown.members.reduce(into: [:]) { $0[$1.key.string] = $1.value.number }
    } ?? [:]
  }
}
