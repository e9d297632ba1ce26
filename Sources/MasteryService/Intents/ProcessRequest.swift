internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A request of another service: which intent, with what payload.
struct ProcessRequest {
  private(set) var name: String?
  private(set) var intent: (any Intent)?
  private(set) var correlationID: String?

  private static let fields = [
    FieldDeclaration(name: "intent", type: .choice(IntentTable.names), meaning: "what is asked for"),
    FieldDeclaration(name: "payload", type: .object, meaning: "the intent's request"),
    FieldDeclaration(name: "security_context", type: .object, meaning: "token and correlation_id"),
  ]

  /// Reads the request, its payload by the intent's own declaration.
  ///
  /// - Throws: `JSONInvalid` naming the field that is wrong; an unknown intent with the list of those known.
  init(_ value: JSONValue) throws(JSONInvalid) {
    _ = try RequestFields(value, of: Self.fields)
    guard let name = value["intent"] else { throw JSONInvalid(field: "intent", value: nil, constraint: "is required; \(Self.known)") }
    let payload = value["payload"]
    guard let type = name.string.flatMap({ Self.type($0, payload) }) else {
      throw JSONInvalid(field: "intent", found: name, constraint: "is unknown; \(Self.known)")
    }
    guard let payload else { throw JSONInvalid(field: "payload", value: nil, constraint: "is required") }
    if let given = value["security_context"], !given.isNull {
      _ = try RequestFields(given, of: Self.securityFields)
      correlationID = given["correlation_id"]?.string.flatMap { EventID($0) == nil ? nil : $0 }
    }
    self.name = name.string
    intent = try RequestHandler.intent(type, payload)
  }

  private static let securityFields = [
    FieldDeclaration(name: "token", type: .text(limit: 128 << 10), meaning: "the caller's token"),
    FieldDeclaration(name: "correlation_id", type: .eventID, meaning: "ties the answer to the caller's work"),
  ]

  private static var known: String { "known are \(IntentTable.names.joined(separator: ", "))" }

  /// `mastery_calculation` without components asks for what is stored.
  private static func type(_ name: String, _ payload: JSONValue?) -> (any Intent.Type)? {
    if name == MasteryCalculation.declaration.name, let payload, payload["components"] == nil { return MasteryQuery.self }
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
