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
      var answers: [MCPAnswered] = []
      var length = 0
      for message in messages {
        let answered = length > Self.longestAnswers ? Self.tooLong(message) : await answered(message, caller, trace)
        length += answered.body?.count ?? 0
        answers.append(answered)
      }
      return (isList ? MCPAnswered(joining: answers) : answers[0]).response(trace)
    } catch {
      return MCPAnswered(error, to: nil).response(trace)
    }
  }

  /// Bytes of answers after which no more messages of a list are answered.
  private static let longestAnswers = 1 << 20

  private static func tooLong(_ message: Result<MCPMessage, MCPMessage.Refused>) -> MCPAnswered {
    let sender =
      switch message {
      case .success(let message): message.sender
      case .failure(let refused): refused.sender
      }
    guard sender.id != nil else { return MCPAnswered() }
    return MCPAnswered(.invalidRequest("the answers to this list are too long: ask for this by itself"), to: sender)
  }

  /// Answers are JSON: a client that takes none is told so.
  private static func checkAccepted(_ head: HTTPRequestHead) throws(RPCError) {
    let given = head.values(of: "accept").flatMap { $0.split(separator: ",") }
      .map { $0.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() }
    guard given.isEmpty || given.contains(where: { ["application/json", "application/*", "*/*"].contains($0) }) else {
      throw .invalidRequest("the header Accept must allow application/json", status: 406)
    }
  }

  private func answered(
    _ message: Result<MCPMessage, MCPMessage.Refused>, _ caller: Caller, _ trace: RequestTrace
  ) async -> MCPAnswered {
    switch message {
    case .failure(let refused): return MCPAnswered(refused.error, to: refused.sender)
    case .success(let message):
      guard message.sender.id != nil else { return MCPAnswered() }
      do throws(RPCError) {
        return MCPAnswered(try await result(of: message, caller, trace), to: message.sender)
      } catch {
        return MCPAnswered(error, to: message.sender)
      }
    }
  }

  // MARK: Methods

  /// How often a student may ask in a minute what asks no intent; other roles get a multiple of that.
  private static let perMinute = 60

  private func result(of message: MCPMessage, _ caller: Caller, _ trace: RequestTrace) async throws(RPCError) -> MCPResult {
    // A tool has the limit of its intent.
    if message.method != "tools/call" {
      do throws(Problem) {
        try requests.gate.count(caller, asking: Route.mcp.name, perMinute: Self.perMinute, now: trace.began)
      } catch {
        throw RPCError(error)
      }
    }
    switch message.method {
    case "server/discover": return MCPResult(.everybody) { Self.writeDiscovery(to: &$0) }
    case "initialize":
      let revision = MCPRevision.agreed(on: message.parameters.protocolVersion)
      return MCPResult { Self.writeInitialized(revision, to: &$0) }
    case "ping" where !message.sender.isStateless: return MCPResult { _ in }
    case "tools/list": return try tools(for: caller, message.parameters.cursor)
    case "tools/call": return try await call(message.parameters, caller, trace)
    case "resources/list":
      try Self.refuse(message.parameters.cursor)
      return MCPResult(.everybody) { MCPResource.writeList(to: &$0) }
    case "resources/templates/list":
      try Self.refuse(message.parameters.cursor)
      return MCPResult(.everybody) { MCPResource.writeTemplates(to: &$0) }
    case "resources/read": return try await read(message, caller, trace)
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
  private static let pageLength = 12_300

  /// The tools that the caller's role may use, in the order of the table.
  private func tools(for caller: Caller, _ cursor: String?) throws(RPCError) -> MCPResult {
    let declarations = requests.intents.declarations.filter { $0.audience.reach(of: caller.role) != .nobody }
    var pages: [(cursor: String?, entries: [[UInt8]])] = [(nil, [])]
    var size = 0
    for (index, declaration) in declarations.enumerated() {
      let entry = MCPTool(declaration: declaration).entry
      if size + entry.count > Self.pageLength, size > 0 {
        pages.append((String(index), []))
        size = 0
      }
      pages[pages.count - 1].entries.append(entry)
      size += entry.count
    }
    guard let number = pages.firstIndex(where: { $0.cursor == cursor }) else {
      throw .invalidParameters("cursor must be one that was given out")
    }
    let (page, next) = (pages[number].entries, number + 1 < pages.count ? pages[number + 1].cursor : nil)
    return MCPResult(.role) { json in
      json.array("tools") { json in for entry in page { json.raw(entry) } }
      if let next { json.member("nextCursor", next) }
    }
  }

  private func call(
    _ parameters: MCPMessage.Parameters, _ caller: Caller, _ trace: RequestTrace
  ) async throws(RPCError) -> MCPResult {
    guard let name = parameters.name else { throw .invalidParameters("params.name must be text") }
    guard let intent = requests.intents.intent(named: name) else {
      throw .invalidParameters("there is no tool \"\(name.prefix(100))\"; tools/list names them")
    }
    let call = ToolCall(parameters.arguments, intent.declaration)
    let outcome: Gate.Outcome
    switch call.choice {
    case .success: outcome = await requests.outcome(of: call.fields, intent, from: caller, trace)
    case .failure(let problem): outcome = await requests.outcome(of: .failure(problem), intent, from: caller, trace)
    }
    var result = MCPResult { json in
      switch outcome.answer {
      case .success(let answer):
        if let short = ToolAnswer(answer.data, (try? call.choice.get()) ?? .all, of: intent.declaration.answers.map(\.data)) {
          Self.write(short, to: &json)
        } else {
          Self.write(.tooDeep, to: &json)
        }
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
    _ message: MCPMessage, _ caller: Caller, _ trace: RequestTrace
  ) async throws(RPCError) -> MCPResult {
    guard let address = message.parameters.uri else { throw .invalidParameters("params.uri must be text") }
    guard let resource = MCPResource(address, intents: requests.intents) else {
      throw .noResource(address, isStateless: message.sender.isStateless)
    }
    let content: [UInt8]
    var outcome: Gate.Outcome?
    switch resource {
    case .contract: content = Array(MCPContract.page(of: requests.intents).utf8)
    case .intent(let intent): content = MCPContract.json(of: intent.declaration)
    case .document(let kind): content = await document(kind)
    case .student(let student): (content, outcome) = try await picture(of: student, at: address, for: message.sender, caller, trace)
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
    of student: StudentID, at address: String, for sender: MCPMessage.Sender, _ caller: Caller, _ trace: RequestTrace
  ) async throws(RPCError) -> (content: [UInt8], outcome: Gate.Outcome) {
    let fields = JSONWriter.object { $0.member("student_id", student.text) }
    var parts: [(name: String, text: [UInt8])] = []
    var last = Gate.Outcome()
    for intent in MCPResource.picture {
      last = await requests.outcome(of: fields, intent, from: caller, trace)
      switch last.answer {
      case .success(let answer):
        guard let short = ToolAnswer(answer.data, .all, of: intent.declaration.answers.map(\.data)) else { throw RPCError(.tooDeep, last) }
        parts.append((intent.declaration.name, short.json))
      case .failure(let problem) where problem.code == .notFound:
        var error = RPCError.noResource(address, isStateless: sender.isStateless)
        error.outcome = last
        throw error
      case .failure(let problem): throw RPCError(problem, last)
      }
    }
    return (JSONWriter.object { json in for part in parts { json.member(named: part.name, raw: part.text) } }, last)
  }
}
