internal import JSON
internal import Schemas

extension OpenAPI {
  static func write(_ field: FieldDeclaration, in place: String, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", field.name)
      json.member("in", place)
      if field.isRequired { json.member("required", true) }
      json.member("description", field.meaning)
      json.member("schema") { field.parameterSchema.write(to: &$0, style) }
    }
  }

  static func writeHeaders(_ headers: [RequestHeader], to json: inout JSONWriter) {
    for header in headers {
      json.object { $0.member("$ref", "#/components/parameters/\(header.componentName)") }
    }
  }

  static func writeAnswerHeaders(to json: inout JSONWriter) {
    json.object("headers") { json in
      for name in ["X-Correlation-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Used", "X-RateLimit-Reset"] {
        json.reference(named: name, to: "#/components/headers/\(name)")
      }
    }
  }

  static func writeContent(to json: inout JSONWriter, type: String = "application/json", schema: Schema, example: [UInt8]?) {
    json.object("content") { json in
      json.object(named: type) { json in
        json.member("schema") { schema.write(to: &$0, style) }
        if let example { json.member("example", raw: example) }
      }
    }
  }

  static func writeRefusals(_ kinds: [RefusalKind], besides known: [Int], as form: RefusalForm = .envelope, to json: inout JSONWriter) {
    var written = Set(known)
    for answer in kinds.flatMap(\.answers).sorted(by: { $0.status < $1.status }) where written.insert(answer.status).inserted {
      json.reference(named: "\(answer.status)", to: "#/components/responses/\(form.prefix)\(answer.name)")
    }
  }

  static func envelope(of data: ObjectSchema) -> Schema {
    .object(
      ObjectSchema(
        nil, "", isOpen: true,
        [
          .init("success", .boolean, "true"), .init("data", .object(data), data.meaning),
          .init("meta", .object(Envelope.meta.schema), "what the answer says of itself"),
        ]))
  }

  static let failure = Schema.object(
    ObjectSchema(
      "Failure", "why there is no data", isOpen: true,
      [
        .init("success", .boolean, "false"), .init("error", .object(Problem.shape.schema), "what is wrong"),
        .init("meta", .object(Envelope.meta.schema), "what the answer says of itself"),
      ]))

  static func processEnvelope(of data: [ObjectSchema]) -> Schema {
    .object(
      ObjectSchema(
        nil, "", isOpen: true,
        [
          .init("success", .boolean, "true"), .init("data", .either(data.map { .object($0) }), "the answer of the intent"),
          .init("metadata", .object(ProcessEnvelope.metadata.schema), "what the answer says of its work"),
          .init("correlation_id", .text(TextForm()), "ties the answer to the caller's work"),
        ]))
  }

  /// What is refused before its body is read is in the form of the other paths.
  static let processFailure = Schema.either([
    .object(
      ObjectSchema(
        "ProcessFailure", "why there is no data", isOpen: true,
        [
          .init("success", .boolean, "false"), .init("error", .object(Problem.shape.schema), "what is wrong"),
          .init("metadata", .object(ProcessEnvelope.metadata.schema), "what the answer says of its work"),
          .init("correlation_id", .text(TextForm()), "ties the answer to the caller's work"),
        ])), failure,
  ])
}
