internal import Schemas

extension IntentDeclaration {
  /// The fields of the path and the query.
  var parameters: [FieldDeclaration] { fields.filter { isInPath($0) || !hasBody } }

  /// What the body may be.
  var bodySchema: ObjectSchema { Self.schema(of: fields.filter { !isInPath($0) }) }

  /// What the whole request may be, path fields included.
  var requestSchema: ObjectSchema { Self.schema(of: fields) }

  /// Whether an `Idempotency-Key` is read.
  var isIdempotent: Bool { name == EventIngest.declaration.name }

  private static func schema(of fields: [FieldDeclaration]) -> ObjectSchema {
    ObjectSchema(
      fields.map { field in
        ObjectSchema.Property(
          field.name, field.isRequired ? field.schema : field.schema.orNull, field.meaning, isRequired: field.isRequired)
      })
  }
}

extension FieldDeclaration {
  /// What the value may be in a path or a query, where everything is text.
  var parameterSchema: Schema {
    switch type {
    case .identifier: .identifier
    case .topic: .topic
    case .eventID: .eventID
    default: schema
    }
  }
}

extension AccessPolicy {
  /// Who may make the request, in a sentence.
  var inWords: String {
    switch self {
    case .concerned: "For students about themselves, teachers about their students, admins and services."
    case .staff: "For teachers about their students, admins and services."
    case .personal: "For students about themselves, and admins."
    case .admins: "For admins."
    default: "For some roles only."
    }
  }
}

extension ProcessRequest {
  /// What a body may be: the name of an intent and its request.
  static func schema(of declarations: [IntentDeclaration]) -> Schema {
    var bodies = declarations.map { body([$0.name], $0.requestSchema) }
    bodies.append(body([AnalyticsQuery.name], analyticsPayload))
    return .either(bodies)
  }

  private static func body(_ names: [String], _ payload: ObjectSchema) -> Schema {
    .object(
      ObjectSchema(
        [
          .init("intent", .word(names), "what is asked for"), .init("payload", .object(payload), "the intent's request"),
          .init("security_context", Schema.object(securityContext).orNull, "who asks", isRequired: false),
        ]))
  }

  private static let analyticsPayload = ObjectSchema(
    nil, "the request of the intent that type names", isOpen: true,
    [.init(AnalyticsQuery.type.declaration.name, AnalyticsQuery.type.declaration.schema, AnalyticsQuery.type.declaration.meaning)])

  private static let securityContext = ObjectSchema(
    "SecurityContext", "who asks; other members are not looked at", isOpen: true,
    [token.declaration, correlationID.declaration].map { .init($0.name, $0.schema.orNull, $0.meaning, isRequired: false) })
}
