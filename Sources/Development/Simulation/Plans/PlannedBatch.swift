/// A planned request for the mastery of many students.
struct PlannedBatch: Sendable {
  /// A row of a batch.
  struct Entry: Sendable {
    let student: String
    /// The quiz score to calculate with; nil for the stored mastery.
    let quiz: Double?
  }

  /// Its number in the plan.
  let number: Int
  let school: String?
  let entries: [Entry]
  let priority: String

  /// The request body.
  var body: String {
    let requests = entries.map { entry in
      let given = entry.quiz.map { ",\"components\":{\"quiz\":\($0)}" } ?? ""
      return "{\"student_id\":\"\(entry.student)\"\(given)}"
    }
    return "{\"async\":true,\"priority\":\"\(priority)\",\"requests\":[\(requests.joined(separator: ","))]}"
  }
}
