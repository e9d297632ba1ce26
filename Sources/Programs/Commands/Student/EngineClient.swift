internal import HTTPClient
internal import JSON

/// A client that queries an engine about students over HTTP.
struct EngineClient: Sendable {
  /// Where an engine listens unless it is told otherwise.
  static let usualAddress = "http://127.0.0.1:8005"

  let client: HTTPClient
  /// The engine's address, without a trailing slash.
  let address: String
  /// The school to ask about; nil for data without a school.
  var school: String?
  /// The caller's token; nil if development accepts every caller.
  var token: String?
  /// Milliseconds that an answer may take.
  var deadline = 10_000

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
    let answer = try await send("POST", path, Self.body(student, numbers, flags))
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

  /// Sends a request.
  ///
  /// - Parameters:
  ///   - method: The HTTP method.
  ///   - target: The path and the query.
  ///   - body: The body; empty if there is none.
  /// - Returns: The answer, whatever its status.
  /// - Throws: `CommandFailure.unavailable` if the engine is unreachable.
  func send(_ method: String, _ target: String, _ body: [UInt8]) async throws(CommandFailure) -> HTTPAnswer {
    var headers: [(name: String, value: String)] = []
    if !body.isEmpty { headers.append((name: "Content-Type", value: "application/json")) }
    if let school { headers.append((name: "X-School-ID", value: school)) }
    if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
    do throws(HTTPClientFailure) {
      let call = HTTPCall(method, address + target, headers: headers, body: body.isEmpty ? nil : body, deadline: deadline)
      return try await client.send(call)
    } catch {
      let hint = if case .unreachable = error { "; start one with `mastery-engine dev`, or name it with --engine" } else { "" }
      throw .unavailable(error.words(asking: address, within: deadline) + hint)
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
