internal import HTTPClient
internal import JSON

/// An engine that is asked over HTTP about students.
struct EngineClient: Sendable {
  /// Milliseconds that an answer may take.
  private static let deadline = 10_000

  let client: HTTPClient
  /// Where it listens, without a slash at the end.
  let address: String
  /// The school to ask about; nil for data without a school.
  var school: String?
  /// Who asks; nil where development lets everybody in.
  var token: String?

  /// Asks about a student.
  ///
  /// - Parameters:
  ///   - path: What is asked.
  ///   - student: About whom.
  ///   - numbers: Further fields of the request.
  ///   - read: Reads `data` of the answer; nil when it is not what it should be.
  /// - Returns: What was read.
  /// - Throws: `CommandFailure` that says what the engine said, or that it is not there.
  func ask<Value>(
    _ path: String, about student: String, _ numbers: [String: Int] = [:], read: (JSONValue) -> Value?
  ) async throws(CommandFailure) -> Value {
    let answer = try await send(path, Self.body(student, numbers))
    let value = try? JSONDocument.parse(answer.body) { (root) throws(Never) in
      (data: root["data"].flatMap(read), message: root["error"]?["message"]?.string)
    }
    if let data = value?.data { return data }
    throw .incomplete("\(address)\(path) says \(answer.status): \(value?.message ?? "nothing that can be read")")
  }

  private func send(_ path: String, _ body: [UInt8]) async throws(CommandFailure) -> HTTPAnswer {
    var headers = [(name: "Content-Type", value: "application/json")]
    if let school { headers.append((name: "X-School-ID", value: school)) }
    if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
    do {
      return try await client.send(HTTPCall("POST", address + path, headers: headers, body: body, deadline: Self.deadline))
    } catch {
      throw .unavailable("no engine answers at \(address); start one with `mastery-engine dev`, or name it with --engine")
    }
  }

  private static func body(_ student: String, _ numbers: [String: Int]) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("student_id")
    json.string(student)
    for (name, number) in numbers {
      json.key(named: name)
      json.integer(number)
    }
    json.endObject()
    return json.bytes
  }
}
