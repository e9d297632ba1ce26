internal import HTTPClient
internal import JSON

/// A client that queries an engine about students over HTTP.
struct EngineClient: Sendable {
  /// Milliseconds that an answer may take.
  private static let deadline = 10_000

  let client: HTTPClient
  /// The engine's address, without a trailing slash.
  let address: String
  /// The school to ask about; nil for data without a school.
  var school: String?
  /// The caller's token; nil if development accepts every caller.
  var token: String?

  /// Queries data about a student.
  ///
  /// - Parameters:
  ///   - path: The path of the query.
  ///   - student: The student.
  ///   - numbers: Further fields of the request.
  ///   - flags: Further fields of the request that are true.
  ///   - read: Reads `data` of the answer; nil if it is not of the expected form.
  /// - Returns: The value that was read.
  /// - Throws: `CommandFailure` with the engine's error, or if the engine is unreachable.
  func ask<Value>(
    _ path: String, about student: String, _ numbers: [String: Int] = [:], flags: [String] = [], read: (JSONValue) -> Value?
  ) async throws(CommandFailure) -> Value {
    let answer = try await send(path, Self.body(student, numbers, flags))
    let value = try? JSONDocument.parse(answer.body) { (root) throws(Never) in
      (data: root["data"].flatMap(read), message: root["error"]?["message"]?.string)
    }
    if let data = value?.data { return data }
    throw .incomplete("\(address)\(path) says \(answer.status): \(value?.message ?? "nothing that can be read")")
  }

  /// Queries how a student stands, topics included.
  ///
  /// - Throws: `CommandFailure` with the engine's error, or if the engine is unreachable.
  func standing(of student: String) async throws(CommandFailure) -> StudentStanding {
    try await ask("/mastery/query", about: student, flags: ["include_topics"]) { StudentStanding($0) }
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

  private static func body(_ student: String, _ numbers: [String: Int], _ flags: [String]) -> [UInt8] {
    JSONWriter.object { json in
      json.member("student_id", student)
      for (name, number) in numbers { json.member(named: name, number) }
      for flag in flags { json.member(named: flag, true) }
    }
  }
}
