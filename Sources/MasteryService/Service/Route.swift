/// Where a request goes, by its path.
enum Route {
  /// An intent by its own path.
  case intent(any Intent.Type)
  /// An intent that the body names.
  case process
  /// A delivery of events from a topic.
  case events(topic: String)
  /// What the sidecar asks before it delivers.
  case subscriptions
  case daprConfiguration
  case liveness
  case readiness
  case metrics
  case about

  /// The route at a path; nil when there is none.
  init?(path: Substring, subscriptions: Subscriptions) {
    let own = path.hasPrefix("/api/v1/") ? path.dropFirst(7) : path
    switch own {
    case "/process": self = .process
    case "/dapr/subscribe": self = .subscriptions
    case "/dapr/config": self = .daprConfiguration
    case "/health", "/healthz": self = .liveness
    case "/ready": self = .readiness
    case "/metrics": self = .metrics
    case "/": self = .about
    default:
      if let intent = IntentTable.intent(at: own) {
        self = .intent(intent)
      } else if let topic = subscriptions.topic(at: path) {
        self = .events(topic: topic)
      } else {
        return nil
      }
    }
  }

  /// The only method that the route takes.
  var method: String {
    switch self {
    case .intent, .process, .events: "POST"
    default: "GET"
    }
  }

  /// Whether only the service's own sidecar calls it.
  var isTheSidecars: Bool {
    switch self {
    case .events, .subscriptions, .daprConfiguration: true
    default: false
    }
  }

  /// Most bytes of a body.
  var bodyLimit: Int {
    switch self {
    case .intent, .process: 1 << 20
    case .events: 32 << 20
    default: 0
    }
  }

  /// The route in metrics and logs.
  var name: String {
    switch self {
    case .intent(let intent): intent.declaration.name
    case .process: "process"
    case .events: "events"
    case .subscriptions, .daprConfiguration: "subscribe"
    case .liveness: "health"
    case .readiness: "ready"
    case .metrics: "metrics"
    case .about: "about"
    }
  }
}
