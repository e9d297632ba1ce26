/// What is done to the engine while it bears a load.
enum LoadScenario: String, CaseIterable {
  /// Events and queries, and nothing else.
  case steady
  /// The same for hours.
  case soak
  /// Store and broker are away for a while, one after the other.
  case outage
  /// Two replicas are restarted one after the other.
  case rolling
  /// Many connections at once, without events.
  case connections
  /// No load at all.
  case idle

  /// What it is, for the help text.
  var meaning: String {
    switch self {
    case .steady: "events and queries"
    case .soak: "the same for hours"
    case .outage: "store and broker away for 30 s each"
    case .rolling: "two replicas restarted in turn"
    case .connections: "1000 connections at once"
    case .idle: "no load"
    }
  }

  /// Events a second.
  var rate: Int {
    switch self {
    case .steady: 5_000
    case .soak, .outage, .rolling: 1_000
    case .connections, .idle: 0
    }
  }

  /// Queries a second; with `connections` a half of them goes to `/process`.
  var queries: Int {
    switch self {
    case .steady, .outage, .rolling: 200
    case .soak: 50
    case .connections: 1_000
    case .idle: 0
    }
  }

  /// How long it goes on.
  var seconds: Int {
    switch self {
    case .steady: 300
    case .soak: 14_400
    case .outage: 150
    case .rolling: 60
    case .connections: 30
    case .idle: 120
    }
  }

  /// The shortest time in which it can be shown, in seconds.
  var shortest: Int { self == .outage ? 25 : 1 }

  /// Calls a second that take an event in by HTTP.
  var ingests: Int { self == .outage ? 20 : 0 }

  /// Replicas of the engine.
  var replicas: Int { self == .rolling ? 2 : 1 }
}
