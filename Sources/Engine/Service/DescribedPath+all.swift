internal import Schemas

extension DescribedPath {
  private static let scope = FieldDeclaration(
    name: "scope", type: .choice(["process"]), meaning: "with process the dependencies are not asked")
  private static let topic = FieldDeclaration(name: "topic", type: .identifier, meaning: "the topic that is delivered", isRequired: true)

  /// All of them, in the order of the documents.
  static let all: [Self] = [
    Self(
      method: "GET", path: "/health", name: "health", summary: "Whether the process lives; asks no dependency.", audience: .open,
      answers: [.init(status: 200, meaning: "it lives", schema: .object(alive))], refusals: [.unreadable]),
    Self(
      method: "GET", path: "/healthz", name: "healthz", summary: "The same as /health.", audience: .open,
      answers: [.init(status: 200, meaning: "it lives", schema: .object(alive))], refusals: [.unreadable]),
    Self(
      method: "GET", path: "/ready", name: "ready", summary: "Whether the service can do its work, and what is wrong if it cannot.",
      audience: .open, parameters: [scope],
      answers: [
        .init(status: 200, meaning: "it can", schema: .object(ReadinessReport.shape.schema)),
        .init(status: 503, meaning: "it cannot; the reasons say why", schema: .object(ReadinessReport.shape.schema)),
      ], refusals: [.unreadable]),
    Self(
      method: "GET", path: "/metrics", name: "metrics", summary: "The metrics, in Prometheus' text format or as OpenMetrics.",
      audience: .open, answers: [.init(status: 200, meaning: "the metrics", contentType: "text/plain", schema: .text(TextForm()))],
      refusals: [.unreadable]),
    Self(
      method: "GET", path: "/", name: "about", summary: "The name and version of the service.", audience: .open,
      answers: [.init(status: 200, meaning: "who answers here", schema: .object(about))], refusals: [.unreadable]),
    Self(
      method: "GET", path: "/openapi.json", name: "openapi", summary: "This description, as OpenAPI 3.1.", audience: .open,
      answers: [.init(status: 200, meaning: "the document", schema: openObject)], refusals: [.unreadable]),
    Self(
      method: "GET", path: "/asyncapi.json", name: "asyncapi", summary: "The topics and their messages, as AsyncAPI 3.", audience: .open,
      answers: [.init(status: 200, meaning: "the document", schema: openObject)], refusals: [.unreadable]),
    Self(
      method: "GET", path: "/docs", name: "docs", summary: "This description as a page for people.", audience: .open,
      answers: [.init(status: 200, meaning: "the page", contentType: "text/html", schema: .text(TextForm()))], refusals: [.unreadable]),
    Self(
      method: "POST", path: "/mcp", name: "mcp",
      summary: "The intents as tools of the Model Context Protocol, over streamable HTTP, with and without a handshake.",
      audience: .callers, headers: RequestHeader.ofMCP, body: .either([.object(rpcMessage), .list(.object(rpcMessage), count: 1...32)]),
      example: #"""
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"mastery_query","arguments":{"student_id":"anna"}}}
        """#,
      answers: [
        .init(
          status: 200, meaning: "a result, or an error", schema: .either([.object(rpcAnswer), .list(.object(rpcAnswer), count: 1...32)])),
        .init(status: 202, meaning: "a notification is taken", contentType: nil),
      ],
      refusals: [
        .invalid, .unauthenticated, .forbidden, .notFound, .notAcceptable, .tooLarge, .wrongType, .limited, .failed, .unavailable,
        .unreadable,
      ], refusesByRPC: true),
    Self(
      method: "GET", path: "/dapr/subscribe", name: "subscriptions", summary: "What the sidecar delivers.", audience: .sidecar,
      answers: [.init(status: 200, meaning: "the subscriptions", schema: .list(openObject))], refusals: [.sidecar, .unreadable]),
    Self(
      method: "GET", path: "/dapr/config", name: "daprConfiguration", summary: "What the sidecar is told about actors: nothing.",
      audience: .sidecar, answers: [.init(status: 200, meaning: "nothing", schema: openObject)], refusals: [.sidecar, .unreadable]),
    Self(
      method: "POST", path: "/events/{topic}", name: "delivery", summary: "A delivery of events, one or many.", audience: .sidecar,
      parameters: [topic], body: .anything,
      answers: [.init(status: 200, meaning: "what became of each event", schema: .object(acknowledgement))],
      refusals: [.sidecar, .notFound, .unreadable]),
  ]

  private static let rpcMessage = ObjectSchema(
    "RPCMessage", "a message of JSON-RPC 2.0", isOpen: true,
    [
      .init("jsonrpc", .word(["2.0"]), "the version of JSON-RPC"),
      .init("id", .either([.text(TextForm()), .integer(nil)]), "names the request; a notification has none", isRequired: false),
      .init("method", .text(TextForm()), "what is asked, such as tools/list"),
      .init("params", .object(ObjectSchema(isOpen: true, [])), "what the method is told", isRequired: false),
    ])
  private static let rpcAnswer = ObjectSchema(
    "RPCAnswer", "an answer of JSON-RPC 2.0", isOpen: true,
    [
      .init("jsonrpc", .word(["2.0"]), "the version of JSON-RPC"),
      .init("id", .either([.text(TextForm()), .integer(nil)]), "the request's id", isRequired: false),
      .init("result", .object(ObjectSchema(isOpen: true, [])), "what came of it", isRequired: false),
      .init("error", .object(OpenAPI.rpcError), "why nothing came of it", isRequired: false),
    ])
  private static let openObject = Schema.object(ObjectSchema(isOpen: true, []))
  private static let alive = ObjectSchema(isOpen: true, [.init("status", .word(["ok"]), "that the process lives")])
  private static let about = ObjectSchema(
    isOpen: true,
    [
      .init("name", .word(["mastery-engine"]), "the service"), .init("version", .text(TextForm()), "its version"),
      .init("environment", .word(Configuration.Environment.allCases.map(\.rawValue)), "where it runs"),
    ])
  private static let acknowledgement = ObjectSchema(
    "Acknowledgement", "what became of the events: of a single one by status, of many by statuses", isOpen: true,
    [
      .init("status", .word(["SUCCESS", "RETRY"]), "of a single event", isRequired: false),
      .init(
        "statuses",
        .list(
          .object(
            ObjectSchema(
              isOpen: true,
              [.init("entryId", .text(TextForm()), "which entry"), .init("status", .word(["SUCCESS", "RETRY"]), "what became of it")]))),
        "of each entry", isRequired: false),
    ])
}
