internal import HTTPClient
internal import HTTPServer
internal import JSON
internal import MasteryCore
internal import MasteryService

/// Sends probes to a service and judges what comes back.
struct ProbeSender: Sendable {
  /// What came of a probe.
  enum Outcome: Hashable, Sendable {
    case passed
    case failed([String])
    /// It was not sent, and why.
    case skipped(String)
  }

  /// Milliseconds that an answer may take.
  private static let deadline = 30_000
  /// How often a probe is sent again that met a rate limit, or a service that cannot work now, and the most seconds to wait before.
  private static let (repetitions, longestWait) = (3, Int64(60))
  /// A token by form, signed by nobody.
  private static let strange = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

  /// Sends a request.
  private let send: @Sendable (HTTPCall) async throws(HTTPClientFailure) -> HTTPAnswer
  private let address: String
  private let school: SchoolID?
  private let tokens: ProbeTokens
  let runtime: Runtime
  /// Whether the service says that it is one in development, which takes requests without a token.
  private(set) var letsUnknownIn = false

  /// Creates a sender.
  ///
  /// - Parameters:
  ///   - address: The service's address, without a trailing slash.
  ///   - school: The school to ask about; nil for data without a school.
  ///   - tokens: The tokens to ask with.
  ///   - runtime: The clock, pauses and random ids.
  ///   - send: Sends a request; throws if no answer comes.
  init(
    _ address: String, school: SchoolID?, tokens: ProbeTokens, runtime: Runtime,
    send: @escaping @Sendable (HTTPCall) async throws(HTTPClientFailure) -> HTTPAnswer
  ) {
    (self.address, self.school, self.tokens, self.runtime, self.send) = (address, school, tokens, runtime, send)
  }

  /// Finds out what answers.
  ///
  /// - Throws: `CommandFailure.unavailable` if nothing does.
  mutating func find() async throws(CommandFailure) {
    let answer: HTTPAnswer
    do throws(HTTPClientFailure) {
      answer = try await send(HTTPCall("GET", address + "/", deadline: Self.deadline))
    } catch {
      throw .unavailable(error.words(asking: address, within: Self.deadline))
    }
    let environment = try? JSONDocument.parse(answer.body) { (root) throws(Never) in root["environment"]?.string }
    letsUnknownIn = environment == "development"
  }

  /// Sends a probe, unless its token is missing, and judges the answer.
  func outcome(of probe: Probe) async -> Outcome {
    let token: String?
    switch probe.asker {
    case .anybody: token = nil
    case .nobody:
      if letsUnknownIn { return .skipped("asks without a token, and a service in development takes that") }
      token = nil
    case .stranger: token = Self.strange
    case .role(let roles):
      let found = roles.lazy.compactMap { tokens.byRole[$0] }.first
      // Whoever has no token is a service there.
      if found == nil, !letsUnknownIn || !roles.contains("service") {
        return .skipped("needs a token: \(roles.map(ProbeTokens.variable).joined(separator: " or "))")
      }
      token = found
    }
    return await outcome(of: probe, token, left: Self.repetitions)
  }

  private func outcome(of probe: Probe, _ token: String?, left: Int) async -> Outcome {
    let id = "verify-\(String(runtime.random(), radix: 36))"
    let answer: HTTPAnswer
    do throws(HTTPClientFailure) {
      answer = try await send(call(probe, token, id))
    } catch {
      return .failed(["there must be an answer, got none: \(error.words(asking: address, within: Self.deadline))"])
    }
    let fields = answer.headers.map { HTTPField($0.name, $0.value) }
    let faults = probe.faults(status: answer.status, fields: fields, body: answer.body, correlationID: id)
    if faults.isEmpty { return .passed }
    guard answer.status == 429 || answer.status == 503, left > 0 else { return .failed(faults) }
    let seconds = answer.header("retry-after").flatMap { Int64($0) } ?? 1
    await runtime.sleep(milliseconds: Int(min(max(seconds, 1), Self.longestWait)) * 1_000)
    return await outcome(of: probe, token, left: left - 1)
  }

  private func call(_ probe: Probe, _ token: String?, _ id: String) -> HTTPCall {
    var headers = [(name: "X-Correlation-ID", value: id)]
    if probe.body != nil { headers.append((name: "Content-Type", value: probe.contentType)) }
    if let school { headers.append((name: "X-School-ID", value: school.text)) }
    if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
    return HTTPCall(probe.method, address + probe.target, headers: headers, body: probe.body, deadline: Self.deadline)
  }
}
