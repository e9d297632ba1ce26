@testable import MasteryService

extension PermissionTests {
  /// A request of an intent for a student.
  struct Request: Sendable {
    let intent: String
    let kind: Kind
    let path: String
    let payload: @Sendable (String) -> String

    init(_ intent: String, _ kind: Kind, _ path: String, _ payload: @escaping @Sendable (String) -> String) {
      (self.intent, self.kind, self.path, self.payload) = (intent, kind, path, payload)
    }
  }

  /// A request of each intent for a student, `@` in its path.
  static let requests = usual + special

  /// Requests that need more than a student, or do more than read.
  static let special: [Request] = [
    Request("mastery_calculation", .calculates, "/mastery/calculate", { #"{"student_id":"\#($0)","components":{"quiz":1}}"# }),
    Request("mastery_calculation", .writes, "/mastery/calculate", { #"{"student_id":"\#($0)","components":{"quiz":1},"persist":true}"# }),
    Request(
      "ingest_event", .writes, "/mastery/ingest",
      { #"{"event_type":"quiz","student_id":"\#($0)","data":{"total_questions":2,"correct_answers":1}}"# }
    ),
    Request("student_erasure", .decides, "DELETE /student/@", { #"{"student_id":"\#($0)"}"# }),
    Request("student_consent_change", .decides, "PUT /student/@/consent", { #"{"student_id":"\#($0)","granted":true}"# }),
    Request("cohort_compare", .reads, "/analytics/compare", { #"{"student_id":"\#($0)","scope":"school"}"# }),
    Request("cohort_summary", .surveys, "GET /cohorts/c-1/summary", { _ in #"{"cohort_id":"c-1"}"# }),
    Request("batch_process", .lists, "/batch/mastery", { #"{"requests":[{"student_id":"\#($0)"}]}"# }),
    Request("dead_letters", .administers, "GET /dead-letters", { _ in "{}" }),
    Request("dead_letter", .looksUp, "GET /dead-letters/e-1", { _ in #"{"event_id":"e-1"}"# }),
    Request("dead_letter_replay", .administers, "/dead-letters/replay", { _ in #"{"event_ids":["e-1"]}"# }),
    Request("batch_status", .surveys, "GET /batch/mastery/b-1", { _ in #"{"batch_id":"b-1"}"# }),
  ]

  /// The index of a request that reads.
  static let query = requests.firstIndex { $0.intent == "mastery_query" } ?? -1

  /// All other intents read something about a student; `IntentDocumentTests` compares who may use them with the contract.
  static let usual: [Request] = IntentTable.standard.all.compactMap { type in
    let intent = type.declaration
    guard !special.contains(where: { $0.intent == intent.name }) else { return nil }
    let kind: Kind = intent.audience == .concerned ? .reads : intent.audience == .staff ? .oversees : .inspects
    let path = intent.path.replacing("{student_id}", with: "@")
    return Request(intent.name, kind, intent.method == "POST" ? path : "\(intent.method) \(path)") { #"{"student_id":"\#($0)"}"# }
  }
}
