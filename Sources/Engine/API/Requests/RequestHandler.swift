internal import HTTPServer
internal import JSON
internal import MasteryCore

/// Handles a request from body to answer: parsed by the intent's declaration, passed through the gate, answered, wrapped.
struct RequestHandler: Sendable {
  let intents: IntentTable
  let gate: Gate
  let services: IntentServices

  /// Answers a request to an intent's own path.
  func answer(
    _ request: HTTPRequest, _ type: any Intent.Type, at path: IntentPath, from caller: Caller, _ trace: RequestTrace
  ) async -> AnsweredRequest {
    let outcome = await outcome(
      of: path.fields(of: request, for: type.declaration), type, from: caller, keys: Self.keys(request.head), trace)
    return AnsweredRequest(
      response: Envelope(correlationID: trace.correlationID, now: trace.began).response(outcome), intent: type.declaration.name,
      student: outcome.subject?.text, outage: outcome.outage)
  }

  /// What becomes of an intent with these fields, as JSON text, under the idempotency keys that were given.
  func outcome(
    of fields: [UInt8], _ type: any Intent.Type, from caller: Caller, keys: [String] = [], _ trace: RequestTrace
  ) async -> Gate.Outcome {
    let intent = Self.read(fields) { (root) throws(JSONInvalid) in try Self.intent(type, root) }
    return await outcome(of: intent, type, from: caller, keys: keys, trace)
  }

  /// What becomes of an intent with fields that could be read, or with what is wrong with them.
  func outcome(
    of intent: Result<any Intent, Problem>, _ type: any Intent.Type, from caller: Caller, keys: [String] = [], _ trace: RequestTrace
  ) async -> Gate.Outcome {
    let visit = Gate.Visit(
      caller: .success(caller), type: type, intent: intent, correlationID: trace.correlationID, now: trace.began)
    return await pass(visit, keys: keys, trace)
  }

  /// Answers a request that names its intent, in the format of other services.
  func process(_ request: HTTPRequest, _ trace: RequestTrace) async -> AnsweredRequest {
    var envelope = ProcessEnvelope(trace: trace)
    let credentials = Credentials(request.head)
    func identified(_ presented: Credentials.Presented?) -> Result<Caller, Problem> {
      Result { () throws(Problem) in try gate.caller(credentials.presenting(presented), now: trace.began) }
    }
    let read = Self.read(request.body) { (root) throws(JSONInvalid) in ProcessRequest(root, to: intents, identifiedBy: identified) }
    if case .success(let request) = read { envelope.take(request) }
    let content = read.flatMap { $0.content.mapError { .invalid($0) } }
    let type = try? content.get().type
    let visit = Gate.Visit(
      caller: (try? read.get().caller) ?? identified(nil), type: type, intent: content.flatMap { $0.intent.mapError { .invalid($0) } },
      correlationID: envelope.correlationID, now: trace.began)
    let outcome = await pass(visit, keys: Self.keys(request.head), RequestTrace(trace, correlationID: envelope.correlationID))
    return AnsweredRequest(
      response: envelope.response(outcome, now: services.runtime.now()), intent: type?.declaration.name, student: outcome.subject?.text,
      outage: outcome.outage)
  }

  private func pass(_ visit: Gate.Visit, keys: [String], _ trace: RequestTrace) async -> Gate.Outcome {
    await gate.pass(visit) { (intent, caller) async throws(Problem) in
      guard keys.count <= 1 else {
        throw .invalid("Idempotency-Key", value: String(keys.joined(separator: ", ").prefix(100)), "must be given once")
      }
      let key = keys.first
      if let key, EventID(key) == nil {
        throw .invalid("Idempotency-Key", value: String(key.prefix(100)), FieldType.eventID.constraint)
      }
      let context = IntentContext(
        caller: caller, correlationID: trace.correlationID, idempotencyKey: key, now: trace.began, call: trace.call,
        services: services)
      return try await intent.answer(context)
    }
  }

  private static func keys(_ head: HTTPRequestHead) -> [String] { head.values(of: "idempotency-key") }

  /// Reads an intent from its fields.
  static func intent(_ type: any Intent.Type, _ value: JSONValue) throws(JSONInvalid) -> any Intent {
    try type.init(RequestFields(value, of: type.declaration.fields))
  }

  private static func read<Value>(_ body: [UInt8], _ read: (JSONValue) throws(JSONInvalid) -> Value) -> Result<Value, Problem> {
    do throws(JSONFailure<JSONInvalid>) {
      return .success(try JSONDocument.parse(body, read))
    } catch {
      switch error {
      case .malformed(let why): return .failure(.invalid("body", value: nil, "must be JSON: \(why)"))
      case .reading(let invalid): return .failure(.invalid(invalid))
      }
    }
  }
}
