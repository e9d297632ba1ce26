/// The destination of a request, by its path.
enum Route {
  /// Intents at their own path, one for each method.
  case intents(IntentPath)
  /// An intent named in the body.
  case process
  /// A message of the Model Context Protocol.
  case mcp
  /// A delivery of events from a topic.
  case events(TopicTable.Row)
  /// The sidecar's query for subscriptions.
  case subscriptions
  case daprConfiguration
  case liveness
  case readiness
  case metrics
  case about
  case document(Document)

  /// A document about the service itself.
  enum Document: String, CaseIterable, Sendable {
    case openAPI = "/openapi.json"
    case asyncAPI = "/asyncapi.json"
    case page = "/docs"
  }

  /// The route at a path; nil if there is none.
  init?(path: Substring, subscriptions: Subscriptions, intents: IntentTable = .standard) {
    let path = Self.withoutFinalSlash(path)
    let own = Self.withoutVersion(path)
    switch own {
    case "/process": self = .process
    case Self.mcpPath: self = .mcp
    case "/dapr/subscribe": self = .subscriptions
    case "/dapr/config": self = .daprConfiguration
    case "/health", "/healthz": self = .liveness
    case "/ready": self = .readiness
    case "/metrics": self = .metrics
    case "/": self = .about
    default:
      if let intentPath = intents.path(own) {
        self = .intents(intentPath)
      } else if let topic = subscriptions.topic(at: path) {
        self = .events(topic)
      } else if let document = Document(rawValue: String(own)) {
        self = .document(document)
      } else {
        return nil
      }
    }
  }

  /// A path without its final slash, which makes no difference.
  static func withoutFinalSlash(_ path: Substring) -> Substring { path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path }

  /// A path without `/api/v1`, under which every route is served too.
  static func withoutVersion(_ path: Substring) -> Substring { path.hasPrefix("/api/v1/") ? path.dropFirst(7) : path }

  private static let mcpPath: Substring = "/mcp"

  /// Whether a path is that of the Model Context Protocol, whose refusals have a form of their own.
  static func isMCP(_ path: Substring) -> Bool { withoutVersion(withoutFinalSlash(path)) == mcpPath }

  /// The path with names in place of values, in braces.
  var template: String {
    switch self {
    case .intents(let path): path.template
    case .process: "/process"
    case .mcp: String(Self.mcpPath)
    case .events(let row): Subscriptions.routePrefix + row.topic
    case .subscriptions: "/dapr/subscribe"
    case .daprConfiguration: "/dapr/config"
    case .liveness: "/healthz"
    case .readiness: "/ready"
    case .metrics: "/metrics"
    case .about: "/"
    case .document(let document): document.rawValue
    }
  }

  /// The methods of the route, not counting HEAD.
  var methods: [String] {
    switch self {
    case .intents(let path): path.methods
    case .process, .mcp, .events: ["POST"]
    default: ["GET"]
    }
  }

  /// Whether the route accepts a method.
  func takes(_ method: String) -> Bool {
    methods.contains(method) || (method == "HEAD" && methods.contains("GET"))
  }

  /// Whether the route is reserved for the service's own sidecar.
  var isTheSidecars: Bool {
    switch self {
    case .events, .subscriptions, .daprConfiguration: true
    default: false
    }
  }

  /// Maximum bytes of a collected body; a delivery may be larger.
  func bodyLimit(_ method: String) -> Int {
    switch self {
    case .intents, .process, .mcp: method == "POST" || method == "PUT" ? 1 << 20 : 0
    case .events: DeliveryStream.collectedBytes
    default: 0
    }
  }

  /// The route's name in metrics and logs.
  var name: String {
    switch self {
    case .intents: "intent"
    case .process: "process"
    case .mcp: "mcp"
    case .events: "events"
    case .subscriptions, .daprConfiguration: "subscribe"
    case .liveness: "health"
    case .readiness: "ready"
    case .metrics: "metrics"
    case .about: "about"
    case .document: "document"
    }
  }
}
