internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A request of another service, with the intent's name and its payload.
///
/// Token and correlation id are read even if the rest is invalid: only authenticated callers learn what is wrong, under their own
/// correlation id.
struct ProcessRequest {
  /// The caller that the request identifies, or why there is none.
  let caller: Result<Caller, Problem>
  /// The caller's correlation id for the answer.
  let correlationID: String?
  /// The content, or what is wrong with the request; it is read for an identified caller only.
  let content: Result<Content, JSONInvalid>

  /// The content of a request.
  struct Content {
    /// The intent's name in the request.
    let name: String
    /// The intent that answers it.
    let type: any Intent.Type
    /// The payload, read by the intent's own declaration.
    let intent: Result<any Intent, JSONInvalid>
  }

  private static let fields = [
    FieldDeclaration(name: "intent", type: .text(limit: 128), meaning: "what is asked for"),
    FieldDeclaration(name: "payload", type: .object, meaning: "the intent's request"),
    FieldDeclaration(name: "security_context", type: .object, meaning: "token and correlation_id"),
  ]
  static let token = Field<String>("token", .text(limit: CompactToken.limit), "the caller's token") { $0.string }
  static let correlationID = Field<EventID>("correlation_id", .eventID, "ties the answer to the caller's work") {
    $0.identifier.flatMap(EventID.init)
  }

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - value: The body.
  ///   - intents: The known intents.
  ///   - identify: Identifies the caller by the token in the body; nil if there is none, unusable if there are several.
  init(_ value: JSONValue, to intents: IntentTable, identifiedBy identify: (Credentials.Presented?) -> Result<Caller, Problem>) {
    let context = value["security_context"]
    let tokens = context?.members.filter { $0.key.matches("token") }.map { $0.value.string } ?? []
    caller = identify(tokens.count > 1 ? .unusable : tokens.first.flatMap(\.self).map { .bearer($0) })
    correlationID = context?["correlation_id"].flatMap(Self.correlationID.read)?.text
    guard case .success = caller else {
      content = .failure(JSONInvalid(field: "security_context.token", value: nil, constraint: "must identify a caller"))
      return
    }
    content = Result { () throws(JSONInvalid) in try Content(value, Self.fields, intents) }
  }

  /// Checks token and correlation id; other members that callers send (user_id, roles) are ignored: only the token identifies the caller.
  fileprivate static func checkContext(_ context: JSONValue?) throws(JSONInvalid) {
    guard let context, !context.isNull else { return }
    guard context.kind == .object else {
      throw JSONInvalid(field: "security_context", found: context, constraint: FieldType.object.constraint)
    }
    for name in ["token", "correlation_id"] where context.members.count(where: { $0.key.matches(name) }) > 1 {
      throw JSONInvalid(field: "security_context.\(name)", found: context[named: name], constraint: "must be given once")
    }
    try check(context["token"], token)
    try check(context["correlation_id"], correlationID)
  }

  private static func check<Value>(_ value: JSONValue?, _ field: Field<Value>) throws(JSONInvalid) {
    guard let value, !value.isNull, field.read(value) == nil else { return }
    throw JSONInvalid(
      field: "security_context.\(field.declaration.name)", found: value, constraint: field.declaration.type.constraint)
  }
}

extension ProcessRequest.Content {
  fileprivate init(_ value: JSONValue, _ fields: [FieldDeclaration], _ intents: IntentTable) throws(JSONInvalid) {
    _ = try RequestFields(value, of: fields)
    var known: String { "known are \((intents.names + [AnalyticsQuery.name]).joined(separator: ", "))" }
    guard let named = value["intent"] else { throw JSONInvalid(field: "intent", value: nil, constraint: "is required; \(known)") }
    try ProcessRequest.checkContext(value["security_context"])
    guard let payload = value["payload"] else { throw JSONInvalid(field: "payload", value: nil, constraint: "is required") }
    guard payload.kind == .object else { throw JSONInvalid(field: "payload", found: payload, constraint: FieldType.object.constraint) }
    guard let name = named.string, let type = try Self.type(name, payload, intents) else {
      throw JSONInvalid(field: "intent", found: named, constraint: "is unknown; \(known)")
    }
    self.name = name
    self.type = type
    let others = Self.fieldsBesideOwn(name, type)
    intent = Result { () throws(JSONInvalid) in try type.init(RequestFields(payload, of: type.declaration.fields + others)) }
  }

  /// Fields that select the intent and are not declared by it.
  private static func fieldsBesideOwn(_ name: String, _ type: any Intent.Type) -> [FieldDeclaration] {
    switch name {
    case AnalyticsQuery.name: [AnalyticsQuery.type.declaration]
    // Null components count as missing, and so ask for the stored ones.
    case MasteryCalculation.declaration.name where type == MasteryQuery.self: [MasteryCalculation.components.declaration]
    default: []
    }
  }

  /// The intent for a name: `mastery_calculation` without components queries the stored state, and `analytics_query` depends on its
  /// payload.
  private static func type(_ name: String, _ payload: JSONValue, _ intents: IntentTable) throws(JSONInvalid) -> (any Intent.Type)? {
    switch name {
    case AnalyticsQuery.name: try AnalyticsQuery(payload).intent
    case MasteryCalculation.declaration.name where payload["components"]?.isNull ?? true: MasteryQuery.self
    default: intents.intent(named: name)
    }
  }
}
