internal import JSON
internal import MasteryCore
internal import Schemas

/// The description of all requests and answers as OpenAPI 3.1, made of the declarations that read the requests and write the answers.
struct OpenAPI {
  static let references = "#/components/schemas/"
  static let style = SchemaStyle(references: references)

  /// What is described.
  let intents: [any Intent.Type]
  /// The paths that are no intent's.
  let paths: [DescribedPath]
  /// By the intent's name: an example of it.
  let examples: [String: SampleExchange]

  /// The document.
  var document: [UInt8] {
    JSONWriter.object(capacity: 1 << 18) { json in
      json.member("openapi", "3.1.0" as StaticString)
      json.info(summary: "How students stand, what to do about it, and where they will be.", description: Self.introduction)
      json.objects("servers", of: [("/", "the service itself"), ("/api/v1", "the same under its version")]) { json, server in
        json.member("url", server.0)
        json.member("description", server.1)
      }
      json.objects("tags", of: Tag.allCases) { json, tag in
        json.member("name", tag.rawValue)
        json.member("description", tag.meaning)
      }
      json.object("paths") { writePaths(to: &$0) }
      json.object("components") { writeComponents(to: &$0) }
    }
  }

  static let introduction = """
    Scores are numbers from 0 to 1, shown with 3 decimals. Times are ISO 8601 in UTC; dates are days of the school. Unknown fields and fields \
    given twice are refused; a field that is null is missing. Every answer stands in an envelope: success, data or error, and meta. Answers \
    may gain fields; readers pass over those they do not know. A path may end in a slash; HEAD is taken wherever GET is. \
    Students ask about themselves, teachers about their students, admins and services about everybody of their school. Everything of another \
    school is 404.
    """

  /// A group of paths.
  private enum Tag: String, CaseIterable {
    case students, groups, events, privacy, agents, operation, sidecar

    var meaning: String {
      switch self {
      case .students: "How a student stands, what to do about it, and what is to be expected"
      case .groups: "How many students stand together"
      case .events: "Events over HTTP; most come over the broker"
      case .privacy: "What is stored about a student: consent, export, erasure, accesses"
      case .agents: "All of it as tools of the Model Context Protocol"
      case .operation: "Health, metrics, documents"
      case .sidecar: "What only the service's own sidecar may ask"
      }
    }

    init(_ path: DescribedPath) {
      self =
        switch path.audience {
        case .open: .operation
        case .sidecar: .sidecar
        case .callers: .agents
        }
    }

    init(_ declaration: IntentDeclaration) {
      self =
        if declaration.path.hasPrefix("/student/") {
          .privacy
        } else if declaration.path.hasPrefix("/batch/") || declaration.path.hasPrefix("/cohorts/") {
          .groups
        } else {
          declaration.path == "/mastery/ingest" ? .events : .students
        }
    }
  }

  // MARK: Paths

  private func writePaths(to json: inout JSONWriter) {
    var groups: [(path: String, intents: [IntentDeclaration])] = []
    for declaration in intents.map({ $0.declaration }) {
      if let index = groups.firstIndex(where: { $0.path == declaration.path }) {
        groups[index].intents.append(declaration)
      } else {
        groups.append((declaration.path, [declaration]))
      }
    }
    for (path, declarations) in groups {
      json.object(named: path) { json in
        for declaration in declarations { json.object(named: declaration.method.lowercased()) { write(declaration, to: &$0) } }
      }
    }
    json.object("/process") { $0.object("post") { writeProcess(to: &$0) } }
    for path in paths {
      json.object(named: path.path) { json in json.object(named: path.method.lowercased()) { Self.write(path, to: &$0) } }
    }
  }

  private func write(_ declaration: IntentDeclaration, to json: inout JSONWriter) {
    json.member("operationId", declaration.name)
    json.array("tags", of: [Tag(declaration).rawValue])
    json.member("summary", declaration.summary)
    json.member("description", Self.description(of: declaration))
    json.array("parameters") { json in
      for field in declaration.parameters { Self.write(field, in: declaration.isInPath(field) ? "path" : "query", to: &json) }
      Self.writeHeaders(RequestHeader.common + (declaration.isIdempotent ? [.idempotencyKey] : []), to: &json)
    }
    if declaration.hasBody {
      json.object("requestBody") { json in
        json.member("required", true)
        Self.writeContent(to: &json, schema: .object(declaration.bodySchema), example: example(of: declaration))
      }
    }
    json.object("responses") { json in
      for answer in declaration.answers {
        json.object(named: "\(answer.status)") { json in
          json.member("description", answer.meaning)
          Self.writeAnswerHeaders(to: &json)
          let exchange = examples[declaration.name].flatMap { $0.status == answer.status ? $0.answer : nil }
          Self.writeContent(to: &json, schema: Self.envelope(of: answer.data), example: exchange)
        }
      }
      Self.writeRefusals(
        RefusalKind.ofIntents + (declaration.isIdempotent ? [.conflict] : []), besides: declaration.answers.map(\.status), to: &json)
    }
    json.array("security") { $0.object { $0.array("token") { _ in } } }
  }

  private static func description(of declaration: IntentDeclaration) -> String {
    let limit = "A student may ask \(declaration.perMinute) times a minute, a teacher 4 times and an admin 10 times as often."
    let others = declaration.fields.filter { !$0.otherNames.isEmpty }.map {
      "`\($0.name)` may be called `\($0.otherNames.joined(separator: "`, `"))`."
    }
    return ([declaration.audience.inWords, limit] + others).joined(separator: " ")
  }

  /// The example's request without the fields that are not in the body.
  private func example(of declaration: IntentDeclaration) -> [UInt8]? {
    guard let request = examples[declaration.name]?.request else { return nil }
    let body = try? JSONDocument.parse(request) { (root) throws(Never) -> [UInt8] in
      JSONWriter.object { json in
        for (name, value) in root.members where declaration.bodySchema.properties.contains(where: { name.matches($0.name) }) {
          json.member(name, value)
        }
      }
    }
    return body
  }

  private func writeProcess(to json: inout JSONWriter) {
    json.member("operationId", "process" as StaticString)
    json.array("tags", of: [Tag.students.rawValue])
    json.member("summary", "An intent by its name, for other services through Dapr's service invocation." as StaticString)
    json.member(
      "description",
      "The payload is the intent's request, path fields included. analytics_query stands for the intent that its payload's type names. The token may stand in the Authorization header or in security_context; limits and rights are those of the intent."
        as StaticString)
    json.array("parameters") { Self.writeHeaders(RequestHeader.common + [.idempotencyKey], to: &$0) }
    json.object("requestBody") { json in
      json.member("required", true)
      Self.writeContent(to: &json, schema: ProcessRequest.schema(of: intents.map { $0.declaration }), example: nil)
    }
    json.object("responses") { json in
      let statuses = Set(intents.flatMap { $0.declaration.answers.map(\.status) }).sorted()
      for status in statuses {
        let answers = intents.flatMap { $0.declaration.answers }.filter { $0.status == status }
        json.object(named: "\(status)") { json in
          json.member("description", "the intent's own answer" as StaticString)
          Self.writeAnswerHeaders(to: &json)
          Self.writeContent(to: &json, schema: Self.processEnvelope(of: answers.map(\.data)), example: nil)
        }
      }
      Self.writeRefusals(RefusalKind.ofIntents + [.conflict], besides: statuses, as: .process, to: &json)
    }
    json.array("security") { json in
      json.object { $0.array("token") { _ in } }
      json.object { _ in }
    }
  }

  private static func write(_ path: DescribedPath, to json: inout JSONWriter) {
    json.member("operationId", path.name)
    json.array("tags", of: [Tag(path).rawValue])
    json.member("summary", path.summary)
    json.array("parameters") { json in
      for field in path.parameters { write(field, in: path.path.contains("{\(field.name)}") ? "path" : "query", to: &json) }
      writeHeaders(path.headers, to: &json)
    }
    if let body = path.body {
      json.object("requestBody") { json in
        json.member("required", true)
        writeContent(to: &json, schema: body, example: path.example.map { Array($0.description.utf8) })
      }
    }
    json.object("responses") { json in
      for answer in path.answers {
        json.object(named: "\(answer.status)") { json in
          json.member("description", answer.meaning)
          guard let type = answer.contentType else { return }
          writeContent(to: &json, type: type, schema: answer.schema ?? .anything, example: nil)
        }
      }
      writeRefusals(path.refusals, besides: path.answers.map(\.status), as: path.refusesByRPC ? .rpc : .envelope, to: &json)
    }
    json.array("security") { json in
      switch path.audience {
      case .open: break
      case .sidecar: json.object { $0.array("sidecar") { _ in } }
      case .callers: json.object { $0.array("token") { _ in } }
      }
    }
  }
}
