/// Where a request goes, by its path.
enum Route {
  /// Intents by their own path, one for each method.
  case intents(IntentPath)
  /// An intent that the body names.
  case process
  /// A delivery of events from a topic.
  case events(TopicTable.Row)
  /// What the sidecar asks before it delivers.
  case subscriptions
  case daprConfiguration
  case liveness
  case readiness
  case metrics
  case about

  /// The route at a path; nil when there is none.
  init?(path: Substring, subscriptions: Subscriptions) {
    // A slash at the end means the same.
    let path = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path
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
      if let place = IntentPath(path: own) {
        self = .intents(place)
      } else if let topic = subscriptions.topic(at: path) {
        self = .events(topic)
      } else {
        return nil
      }
    }
  }

  /// The methods that the route takes, one that is asked for its head only aside.
  var methods: [String] {
    switch self {
    case .intents(let place): place.methods
    case .process, .events: ["POST"]
    default: ["GET"]
    }
  }

  /// Whether the route takes a method.
  func takes(_ method: String) -> Bool {
    methods.contains(method) || (method == "HEAD" && methods.contains("GET"))
  }

  /// Whether only the service's own sidecar calls it.
  var isTheSidecars: Bool {
    switch self {
    case .events, .subscriptions, .daprConfiguration: true
    default: false
    }
  }

  /// Most bytes of a body that is collected; a delivery may have more.
  func bodyLimit(_ method: String) -> Int {
    switch self {
    case .intents, .process: method == "POST" || method == "PUT" ? 1 << 20 : 0
    case .events: DeliveryStream.collectedBytes
    default: 0
    }
  }

  /// The route in metrics and logs.
  var name: String {
    switch self {
    case .intents: "intent"
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
