internal import HTTPServer
internal import JSON
internal import Schemas

/// What the documents say of an answer.
struct ProbeExpectation: Sendable {
  /// An allowed answer: its status, and what its body may be; nil for one that is not JSON.
  struct Allowed: Sendable {
    let status: Int
    let schema: Schema?
  }

  /// The answers that are right.
  let allowed: [Allowed]
  /// The error's code, where the answer is a refusal.
  var code: Problem.Code?
  /// The field that a refusal must name.
  var field: String?
  /// The student whom the answer must be about, where it names one.
  var student: String?

  /// What is wrong with an answer, a sentence for each fault.
  func faults(_ answer: ProbeAnswer, correlationID: String) -> [String] {
    guard let allowed = allowed.first(where: { $0.status == answer.status }) else {
      let statuses = self.allowed.map { "\($0.status)" }.joined(separator: " or ")
      return ["the status must be \(statuses), got \(answer.status)\(Self.excuse(answer))"]
    }
    let headers = Self.headerFaults(answer)
    guard let schema = allowed.schema else { return headers }
    let type = answer.header("content-type") ?? "none"
    guard MediaType.name(in: type) == "application/json" else { return headers + ["Content-Type must be application/json, got \(type)"] }
    let body = try? JSONDocument.parse(answer.body) { (root) throws(Never) in
      schema.faults(in: root, at: "body") + contentFaults(root, answer, correlationID)
    }
    return headers + (body ?? ["the body must be JSON, got \(String(decoding: answer.body.prefix(100), as: UTF8.self))"])
  }

  /// What an answer of another status says for itself.
  private static func excuse(_ answer: ProbeAnswer) -> String {
    let message = try? JSONDocument.parse(answer.body) { (root) throws(Never) in root["error"]?["message"]?.string }
    return (message ?? nil).map { ": \($0.prefix(200))" } ?? ""
  }

  // MARK: The body

  private func contentFaults(_ root: JSONValue, _ answer: ProbeAnswer, _ correlationID: String) -> [String] {
    var faults: [String] = []
    if let success = root["success"]?.boolean, success != (answer.status < 400) {
      faults.append("body.success must be \(answer.status < 400), got \(success)")
    }
    if answer.status >= 400, let error = root["error"] {
      let (given, named) = (error["code"]?.string ?? "none", error["details"]?["field"]?.string ?? "none")
      if let code, given != code.rawValue { faults.append("body.error.code must be \(code.rawValue), got \(given)") }
      if let field, named != field { faults.append("body.error.details.field must be \(field), got \(named)") }
    }
    if answer.status < 400, let student, let given = root["data"]?["student_id"], given.string != student {
      faults.append("body.data.student_id must be the request's, \(student), got \(given.compactText.prefix(100))")
    }
    if let id = (root["meta"]?["correlation_id"] ?? root["correlation_id"])?.string {
      if id != correlationID { faults.append("the body's correlation_id must be the request's, \(correlationID), got \(id)") }
      let header = answer.header("x-correlation-id") ?? "none"
      if header != correlationID { faults.append("X-Correlation-ID must be the request's, \(correlationID), got \(header)") }
    }
    return faults
  }

  // MARK: Headers

  /// The headers that belong to some statuses, and must be there with them.
  private static let ofStatuses: [(name: String, statuses: Set<Int>)] = [
    ("Retry-After", [429, 503]), ("WWW-Authenticate", [401]), ("Allow", [405]),
  ]
  private static let limits = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Used", "X-RateLimit-Reset"]

  private static func headerFaults(_ answer: ProbeAnswer) -> [String] {
    var faults: [String] = []
    // A gateway may add such a header to other answers too.
    for (name, statuses) in ofStatuses where statuses.contains(answer.status) && answer.header(name) == nil {
      faults.append("\(name) must be given with status \(answer.status), got none")
    }
    let given = limits.filter { answer.header($0) != nil }
    if !given.isEmpty, given.count < limits.count {
      faults.append("the headers of the rate limit must be given together, got \(given.joined(separator: ", "))")
    }
    for name in limits + ["Retry-After"] {
      guard let value = answer.header(name), Int64(value).map({ $0 < 0 }) ?? true else { continue }
      faults.append("\(name) must be a whole number of at least 0, got \(value)")
    }
    return faults
  }
}

extension ProbeExpectation {
  /// A refusal by that code and status, which names a field if one is given.
  static func refusal(_ code: Problem.Code, _ statuses: Int..., field: String? = nil) -> Self {
    Self(allowed: statuses.map { Allowed(status: $0, schema: OpenAPI.failure) }, code: code, field: field)
  }
}
