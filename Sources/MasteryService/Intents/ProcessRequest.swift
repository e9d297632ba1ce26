internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A request of another service: which intent, with what payload.
struct ProcessRequest {
  /// The intent as the request called it.
  let name: String
  /// What answers it.
  let type: any Intent.Type
  /// The id that the caller wants its answer to be known by.
  let correlationID: String?
  /// The payload read by the intent's own declaration; what is wrong with it is answered under the caller's own id.
  let intent: Result<any Intent, JSONInvalid>

  private static let fields = [
    FieldDeclaration(name: "intent", type: .choice(IntentTable.names), meaning: "what is asked for"),
    FieldDeclaration(name: "payload", type: .object, meaning: "the intent's request"),
    FieldDeclaration(name: "security_context", type: .object, meaning: "token and correlation_id"),
  ]

  /// Reads the request.
  ///
  /// - Throws: `JSONInvalid` naming the field that is wrong; an unknown intent with the list of those known.
  init(_ value: JSONValue) throws(JSONInvalid) {
    _ = try RequestFields(value, of: Self.fields)
    guard let named = value["intent"] else { throw JSONInvalid(field: "intent", value: nil, constraint: "is required; \(Self.known)") }
    let payload = value["payload"]
    guard let name = named.string, let type = Self.type(name, payload) else {
      throw JSONInvalid(field: "intent", found: named, constraint: "is unknown; \(Self.known)")
    }
    self.name = name
    self.type = type
    correlationID = try Self.correlationID(in: value["security_context"])
    guard let payload else { throw JSONInvalid(field: "payload", value: nil, constraint: "is required") }
    guard payload.kind == .object else { throw JSONInvalid(field: "payload", found: payload, constraint: FieldType.object.constraint) }
    intent = Result { () throws(JSONInvalid) in try RequestHandler.intent(type, payload) }
  }

  private static let token = Field<Bool>("token", .text(limit: 128 << 10), "the caller's token") { value in
    value.text.flatMap { $0.count <= 128 << 10 ? true : nil }
  }
  private static let correlationID = Field<EventID>("correlation_id", .eventID, "ties the answer to the caller's work") {
    $0.string.flatMap(EventID.init)
  }

  private static func correlationID(in context: JSONValue?) throws(JSONInvalid) -> String? {
    guard let context, !context.isNull else { return nil }
    let fields = try RequestFields(context, of: [token.declaration, correlationID.declaration], in: "security_context")
    _ = try fields.optional(token)
    return try fields.optional(correlationID)?.text
  }

  private static var known: String { "known are \(IntentTable.names.joined(separator: ", "))" }

  /// `mastery_calculation` without components asks for what is stored.
  private static func type(_ name: String, _ payload: JSONValue?) -> (any Intent.Type)? {
    if name == MasteryCalculation.declaration.name, let payload, payload["components"]?.isNull ?? true { return MasteryQuery.self }
    return IntentTable.intent(named: name)
  }
}

/// The form of an answer to `/process`.
struct ProcessEnvelope {
  private let trace: RequestTrace
  private(set) var correlationID: String
  private var intent: String?

  init(trace: RequestTrace) {
    self.trace = trace
    correlationID = trace.correlationID
  }

  /// The request has been read: what it is called, and which id it wants to be known by.
  mutating func take(_ request: ProcessRequest) {
    intent = request.name
    correlationID = request.correlationID ?? correlationID
  }

  func success(_ answer: Answer, now: Timestamp) -> HTTPResponse {
    response(answer.status, answer.headers, now: now) { json in
      json.key("success")
      json.boolean(true)
      json.key("data")
      json.raw(answer.data)
    }
  }

  func failure(_ problem: Problem, now: Timestamp) -> HTTPResponse {
    response(problem.status, problem.headers, now: now) { json in
      json.key("success")
      json.boolean(false)
      Envelope.error(problem, &json)
    }
  }

  private func response(
    _ status: Int, _ headers: [Problem.Detail], now: Timestamp, _ content: (inout JSONWriter) -> Void
  ) -> HTTPResponse {
    var json = JSONWriter(capacity: 2048)
    json.beginObject()
    content(&json)
    json.key("metadata")
    json.beginObject()
    json.key("intent")
    if let intent { json.string(intent) } else { json.null() }
    json.key("duration_ms")
    json.integer(now.milliseconds - trace.began.milliseconds)
    json.key("version")
    json.string(Envelope.version)
    json.endObject()
    json.key("correlation_id")
    json.string(correlationID)
    json.endObject()
    return ResponseHeaders.json(status: status, body: json.bytes, correlationID: correlationID, headers)
  }
}
