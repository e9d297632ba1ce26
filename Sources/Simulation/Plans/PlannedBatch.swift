/// A batch that somebody asks for: how students stand.
struct PlannedBatch: Sendable {
  /// A student of a batch.
  struct Entry: Sendable {
    let student: String
    /// The quiz score that is given; nil for what is stored.
    let quiz: Double?
  }

  /// Its number in the plan.
  let number: Int
  let school: String?
  let entries: [Entry]
  let priority: String

  /// What is asked for it.
  var body: String {
    let requests = entries.map { entry in
      let given = entry.quiz.map { ",\"components\":{\"quiz\":\($0)}" } ?? ""
      return "{\"student_id\":\"\(entry.student)\"\(given)}"
    }
    return "{\"async\":true,\"priority\":\"\(priority)\",\"requests\":[\(requests.joined(separator: ","))]}"
  }
}
