internal import HTTPServer
internal import JSON
internal import MasteryCore

/// Answers the messages of MCP clients: the intents as tools, with the same gate, limits and audit as over plain HTTP.
///
/// It keeps nothing between requests, in either era, so any replica answers any of them.
struct MCPServer: Sendable {
  let requests: RequestHandler
  /// Makes a document about the service.
  let document: @Sendable (Route.Document) async -> [UInt8]

  /// Writes who answers.
  static func writeInfo(to json: inout JSONWriter) {
    json.member("name", "mastery-engine" as StaticString)
    json.member("version", Envelope.version)
  }

  /// Answers the message, or the messages, of a request.
  func answer(_ request: HTTPRequest, from caller: Caller, _ trace: RequestTrace) async -> AnsweredRequest {
    do throws(RPCError) {
      try Self.checkAccepted(request.head)
      let (messages, isList) = try MCPMessage.all(in: request.body, request.head)
      var answers: [Answered] = []
      for message in messages { answers.append(await answer(message, caller, request.head, trace)) }
      return isList ? Self.joined(answers, trace) : answers[0].request(trace)
    } catch {
      return Answered(failure: error, to: nil).request(trace)
    }
  }

  /// An answered message.
  private struct Answered {
    /// The body; nil if the message gets no answer.
    var body: [UInt8]?
    /// The HTTP status.
    var status = 202
    var headers: [Problem.Detail] = []
    var intent = Route.mcp.name
    var outcome: Gate.Outcome?

    /// A message that gets no answer.
    init() {}

    init(_ result: MCPResult, to message: MCPMessage) {
      body = RPCAnswer.result(result, to: message)
      status = 200
      headers = result.outcome?.headers ?? []
      intent = result.intent ?? intent
      outcome = result.outcome
    }

    init(failure: RPCError, to message: MCPMessage?) {
      body = RPCAnswer.error(failure, id: message?.id)
      // Before 2026-07-28 an error was an answer like any other, and some clients look no further than the status.
      status = message.map { $0.isStateless || $0.id == nil } ?? true ? failure.status : 200
      headers = failure.headers
    }

    func request(_ trace: RequestTrace) -> AnsweredRequest {
      var response = ResponseHeaders.json(status: status, body: body ?? [], correlationID: trace.correlationID, headers)
      if body == nil { response.fields.removeAll { $0.name == "Content-Type" } }
      return AnsweredRequest(
        response: response, intent: intent, student: outcome?.subject?.text, outage: outcome?.outage, status: outcome?.status)
    }
  }

  private static func joined(_ answers: [Answered], _ trace: RequestTrace) -> AnsweredRequest {
    let bodies = answers.compactMap(\.body)
    guard !bodies.isEmpty else { return Answered().request(trace) }
    var whole = Answered()
    whole.body = JSONWriter.array { json in for body in bodies { json.raw(body) } }
    whole.status = 200
    return whole.request(trace)
  }

  /// Answers are JSON: a client that takes none is told so.
  private static func checkAccepted(_ head: HTTPRequestHead) throws(RPCError) {
    let given = head.values(of: "accept").flatMap { $0.split(separator: ",") }.map {
      $0.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    }
    guard given.isEmpty || given.contains(where: { ["application/json", "application/*", "*/*"].contains($0) }) else {
      throw .invalidRequest("the header Accept must allow application/json", status: 406)
    }
  }

  private func answer(_ message: Result<MCPMessage, RPCError>, _ caller: Caller, _ head: HTTPRequestHead, _ trace: RequestTrace) async
    -> Answered
  {
    switch message {
    case .failure(let error): return Answered(failure: error, to: nil)
    case .success(let message):
      guard message.id != nil else { return Answered() }
      do throws(RPCError) {
        return Answered(try await result(of: message, caller, head, trace), to: message)
      } catch {
        return Answered(failure: error, to: message)
      }
    }
  }

  // MARK: Methods

  private func result(
    of message: MCPMessage, _ caller: Caller, _ head: HTTPRequestHead, _ trace: RequestTrace
  ) async throws(RPCError) -> MCPResult {
    switch message.method {
    case "server/discover": return MCPResult(.everybody) { Self.writeDiscovery(to: &$0) }
    case "initialize":
      let revision = MCPRevision.agreed(on: message.parameters.protocolVersion)
      return MCPResult { Self.writeInitialized(revision, to: &$0) }
    case "ping" where !message.isStateless: return MCPResult { _ in }
    case "tools/list": return try tools(for: caller, message.parameters.cursor)
    case "tools/call": return try await call(message.parameters, caller, head, trace)
    case "resources/list":
      try Self.refuse(message.parameters.cursor)
      return MCPResult(.everybody) { MCPResource.writeList(to: &$0) }
    case "resources/templates/list":
      try Self.refuse(message.parameters.cursor)
      return MCPResult(.everybody) { MCPResource.writeTemplates(to: &$0) }
    case "resources/read": return try await read(message, caller, head, trace)
    case "prompts/list":
      try Self.refuse(message.parameters.cursor)
      return MCPResult(.role) { $0.array("prompts") { if WeeklyReview.isFor(caller.role) { WeeklyReview.writeEntry(to: &$0) } } }
    case "prompts/get":
      guard message.parameters.name == WeeklyReview.name, WeeklyReview.isFor(caller.role) else {
        throw .invalidParameters("there is no prompt \"\(message.parameters.name?.prefix(100) ?? "")\"")
      }
      let review = try WeeklyReview(message.parameters.arguments, for: caller)
      return MCPResult { review.write(to: &$0) }
    default: throw .noMethod(message.method)
    }
  }

  /// The other lists have one page, so no cursor was ever given out.
  private static func refuse(_ cursor: String?) throws(RPCError) {
    if cursor != nil { throw .invalidParameters("cursor must be one that was given out") }
  }

  private static func writeCapabilities(to json: inout JSONWriter) {
    json.object("capabilities") { json in
      json.object("tools") { _ in }
      json.object("resources") { _ in }
      json.object("prompts") { _ in }
    }
  }

  private static func writeDiscovery(to json: inout JSONWriter) {
    json.array("supportedVersions", of: MCPRevision.all)
    writeCapabilities(to: &json)
    json.member("instructions", MCPContract.instructions)
  }

  private static func writeInitialized(_ revision: String, to json: inout JSONWriter) {
    json.member("protocolVersion", revision)
    writeCapabilities(to: &json)
    json.object("serverInfo") { writeInfo(to: &$0) }
    json.member("instructions", MCPContract.instructions)
  }

  // MARK: Tools

  /// Maximum bytes of a page of the list of tools: under 3,000 tokens.
  private static let pageLength = 12_400

  /// The tools that the caller's role may use, in the order of the table.
  private func tools(for caller: Caller, _ cursor: String?) throws(RPCError) -> MCPResult {
    let declarations = requests.intents.declarations.filter { $0.audience.reach(of: caller.role) != .nobody }
    let entries = declarations.map { MCPTool(declaration: $0).entry }
    let start = cursor.map { Int($0) ?? -1 } ?? 0
    guard entries.indices.contains(start) || (start == 0 && entries.isEmpty) else {
      throw .invalidParameters("cursor must be one that was given out")
    }
    var size = 0
    let page = entries[start...].prefix { entry in
      size += entry.count
      return size <= Self.pageLength || size == entry.count
    }
    return MCPResult(.role) { json in
      json.array("tools") { json in for entry in page { json.raw(entry) } }
      if page.endIndex < entries.endIndex { json.member("nextCursor", String(page.endIndex)) }
    }
  }

  private func call(
    _ parameters: MCPMessage.Parameters, _ caller: Caller, _ head: HTTPRequestHead, _ trace: RequestTrace
  ) async throws(RPCError) -> MCPResult {
    guard let name = parameters.name else { throw .invalidParameters("params.name must be text") }
    guard let intent = requests.intents.intent(named: name) else {
      throw .invalidParameters("there is no tool \"\(name.prefix(100))\"; tools/list names them")
    }
    let call = ToolCall(parameters.arguments, intent.declaration)
    let outcome: Gate.Outcome
    switch call.choice {
    case .success: outcome = await requests.outcome(of: call.fields, intent, from: caller, head, trace)
    case .failure(let problem): outcome = await requests.outcome(of: .failure(problem), intent, from: caller, head, trace)
    }
    var result = MCPResult { json in
      switch outcome.answer {
      case .success(let answer): Self.write(ToolAnswer(answer.data, (try? call.choice.get()) ?? .all), to: &json)
      case .failure(let problem): Self.write(problem, to: &json)
      }
    }
    result.outcome = outcome
    result.intent = name
    return result
  }

  private static func write(_ answer: ToolAnswer, to json: inout JSONWriter) {
    json.objects("content", of: [String(decoding: answer.json, as: UTF8.self)]) { json, text in
      json.member("type", "text" as StaticString)
      json.member("text", text)
    }
    json.member("structuredContent", raw: answer.json)
    json.member("isError", false)
  }

  /// A problem that the model may be able to mend.
  private static func write(_ problem: Problem, to json: inout JSONWriter) {
    json.objects("content", of: ["\(problem.code.rawValue): \(problem.message)"]) { json, text in
      json.member("type", "text" as StaticString)
      json.member("text", text)
    }
    json.member("isError", true)
  }

  // MARK: Resources

  private func read(
    _ message: MCPMessage, _ caller: Caller, _ head: HTTPRequestHead, _ trace: RequestTrace
  ) async throws(RPCError) -> MCPResult {
    guard let address = message.parameters.uri else { throw .invalidParameters("params.uri must be text") }
    guard let resource = MCPResource(address, intents: requests.intents) else {
      throw .noResource(address, isStateless: message.isStateless)
    }
    let content: [UInt8]
    var outcome: Gate.Outcome?
    switch resource {
    case .contract: content = Array(MCPContract.page(of: requests.intents).utf8)
    case .intent(let intent): content = MCPContract.json(of: intent.declaration)
    case .document(let kind): content = await document(kind)
    case .student(let student): (content, outcome) = try await picture(of: student, caller, head, trace)
    }
    var result = MCPResult(outcome == nil ? .everybody : .never) { json in
      json.objects("contents", of: [address]) { json, address in
        json.member("uri", address)
        json.member("mimeType", resource.mediaType)
        json.member("text", String(decoding: content, as: UTF8.self))
      }
    }
    result.outcome = outcome
    return result
  }

  /// A student's picture: the answers of several intents, each asked as by itself.
  private func picture(
    of student: StudentID, _ caller: Caller, _ head: HTTPRequestHead, _ trace: RequestTrace
  ) async throws(RPCError) -> (content: [UInt8], outcome: Gate.Outcome) {
    let fields = JSONWriter.object { $0.member("student_id", student.text) }
    var parts: [(name: String, text: [UInt8])] = []
    var last = Gate.Outcome()
    for intent in MCPResource.picture {
      last = await requests.outcome(of: fields, intent, from: caller, head, trace)
      switch last.answer {
      case .success(let answer): parts.append((intent.declaration.name, ToolAnswer(answer.data, .all).json))
      case .failure(let problem): throw RPCError(problem)
      }
    }
    return (JSONWriter.object { json in for part in parts { json.member(named: part.name, raw: part.text) } }, last)
  }
}
