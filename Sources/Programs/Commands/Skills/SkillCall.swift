internal import HTTPClient
internal import JSON
internal import MasteryCore
internal import MasteryService

/// A call of a skill: a request, and who answers it.
struct SkillCall: Sendable {
  /// Who answers.
  enum Source: Hashable, Sendable {
    /// An engine, by its address.
    case engine(String)
    /// This process, out of the events of a file; without a file out of the request alone.
    case given(events: String?, now: Timestamp?)
  }

  /// The times at which events may happen, and tokens be good.
  private static let times = Timestamp(milliseconds: 631_152_000_000)..<Timestamp(milliseconds: 253_370_764_800_000)

  let request: SkillRequest
  let source: Source
  let school: SchoolID?

  /// Reads a call.
  ///
  /// - Throws: `CommandFailure.wrongCall` that names the first wrong option.
  init(_ skill: Skill, _ arguments: CallArguments) throws(CommandFailure) {
    let own = Set(skill.options.map(\.name))
    do throws(SkillFault) {
      request = try skill.request(arguments.options.filter { own.contains($0.key) }, json: arguments.options["json"])
    } catch {
      throw .wrongCall("skill \(skill.name): \(error.message)")
    }
    school = try arguments.options["school"].map { (text) throws(CommandFailure) in
      guard let school = SchoolID(text) else { throw .wrongCall("--school must be a school's id, got \"\(text)\"") }
      return school
    }
    let engine = try arguments.address("engine")
    let events = arguments.options["events"]
    let now = try arguments.moment("now")
    if let now, !Self.times.contains(now) {
      throw .wrongCall("--now must be a time from 1990 to 9998, got \"\(arguments.options["now"] ?? "")\"")
    }
    if request.changesStoredData, events != nil || now != nil {
      throw .wrongCall("skill \(skill.name): this changes what is stored, so it needs an engine: leave out --events and --now")
    }
    if engine != nil, events != nil { throw .wrongCall("skill \(skill.name): --engine and --events exclude each other") }
    if engine == nil, events != nil || !request.needsStoredData {
      source = .given(events: events, now: now)
    } else {
      if now != nil { throw .wrongCall("skill \(skill.name): --now is for --events; an engine has a clock of its own") }
      source = .engine(engine ?? EngineClient.usualAddress)
    }
  }

  /// The answer's data as text.
  ///
  /// - Parameters:
  ///   - format: How to print it.
  ///   - deadline: How long an engine's answer may take, in milliseconds.
  /// - Returns: The text.
  /// - Throws: `CommandFailure` with the engine's error, if the events cannot be read, or if no engine can be reached.
  func answer(as format: SkillFormat, within deadline: Int = 30_000) async throws(CommandFailure) -> String {
    switch source {
    case .engine(let address):
      let client = try HTTPClient.forCommands()
      defer { client.stop() }
      var door = EngineClient(client: client, address: address, school: school?.text, token: SystemEnvironment.value("MASTERY_TOKEN"))
      door.deadline = deadline
      let answer = try await door.send(request.method, request.target, request.body)
      return try Self.text(answer.body, status: answer.status, from: address, format)
    case .given(let events, let now):
      let time = now ?? Runtime.system.now()
      let given = try events.map { (path) throws(CommandFailure) in try GivenEvents(path, until: now, now: time) }
      let asked = if let school { school } else { try given?.school }
      let memory = GivenSchool(asked, now: time)
      if let refusal = await memory.take(given?.events ?? []).first { throw .noInput("\(events ?? ""): an event is refused: \(refusal)") }
      let answer = await memory.answer(request)
      return try Self.text(answer.body, status: answer.status, from: "the engine", format)
    }
  }

  /// The data of an answer.
  private static func text(
    _ body: [UInt8], status: Int, from address: String, _ format: SkillFormat
  ) throws(CommandFailure) -> String {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) in
      (
        data: (200..<300).contains(status) ? root["data"].map(format.text) : nil, code: root["error"]?["code"]?.string,
        message: root["error"]?["message"]?.string
      )
    }
    if let data = read?.data { return data }
    guard let code = read?.code.map(Terminal.plain), let message = read?.message.map(Terminal.plain) else {
      let what = "\(address) says \(status), and nothing that can be read"
      throw (502...504).contains(status) ? .unavailable(what) : .incomplete(what)
    }
    throw status == 503 ? .unavailable("\(code): \(message)") : .incomplete("\(code): \(message)")
  }
}
