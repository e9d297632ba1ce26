internal import DaprClient
internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A request with its answer, as log and metrics want to know it.
struct AnsweredRequest {
  var response: HTTPResponse
  var intent: String?
  var student: String?
}

/// From a request's body to its answer: read by the intent's declaration, through the gate, answered, wrapped.
struct RequestHandler: Sendable {
  let gate: Gate
  let store: StudentStore
  let intake: EventIntake
  let edge: Edge

  /// Answers a request to an intent's own path.
  func answer(_ request: HTTPRequest, _ type: any Intent.Type, _ trace: RequestTrace) async -> AnsweredRequest {
    let envelope = Envelope(correlationID: trace.correlationID, now: trace.began)
    var answered = AnsweredRequest(response: HTTPResponse(status: 500), intent: type.declaration.name)
    do throws(Problem) {
      let intent = try Self.read(request.body) { (root) throws(JSONInvalid) in try Self.intent(type, root) }
      answered.student = intent.subject?.text
      answered.response = envelope.success(try await run(intent, request.head, trace))
    } catch {
      answered.response = envelope.failure(error)
    }
    return answered
  }

  /// Answers a request that names its intent, in the form that other services speak.
  func process(_ request: HTTPRequest, _ trace: RequestTrace) async -> AnsweredRequest {
    var envelope = ProcessEnvelope(trace: trace)
    var answered = AnsweredRequest(response: HTTPResponse(status: 500))
    do throws(Problem) {
      let named = try Self.read(request.body) { (root) throws(JSONInvalid) in try ProcessRequest(root) }
      envelope.take(named)
      answered.intent = named.type.declaration.name
      let intent: any Intent
      switch named.intent {
      case .success(let read): intent = read
      case .failure(let invalid): throw .invalid(invalid)
      }
      answered.student = intent.subject?.text
      let own = RequestTrace(trace, correlationID: envelope.correlationID)
      answered.response = envelope.success(try await run(intent, request.head, own), now: edge.now())
    } catch {
      answered.response = envelope.failure(error, now: edge.now())
    }
    return answered
  }

  private func run(_ intent: any Intent, _ head: HTTPRequestHead, _ trace: RequestTrace) async throws(Problem) -> Answer {
    let caller = try gate.caller(for: head, asking: intent)
    let key = head.header("idempotency-key")
    if let key, EventID(key) == nil {
      throw .invalid("Idempotency-Key", value: String(key.prefix(100)), FieldType.eventID.constraint)
    }
    let context = IntentContext(
      caller: caller, correlationID: trace.correlationID, idempotencyKey: key, now: trace.began, call: trace.call, store: store,
      intake: intake)
    return try await intent.answer(context)
  }

  /// An intent read from its fields.
  static func intent(_ type: any Intent.Type, _ value: JSONValue) throws(JSONInvalid) -> any Intent {
    try type.init(RequestFields(value, of: type.declaration.fields))
  }

  private static func read<Value>(_ body: [UInt8], _ read: (JSONValue) throws(JSONInvalid) -> Value) throws(Problem) -> Value {
    do {
      return try JSONDocument.parse(body, read)
    } catch {
      switch error {
      case .malformed(let why): throw .invalid("body", value: nil, "must be JSON: \(why)")
      case .reading(let invalid): throw .invalid(invalid)
      }
    }
  }
}
