public import DaprClient

/// How the service is set up: plain values with the defaults of the Contract article, "Settings".
public struct Configuration: Sendable, Hashable {
  /// Where the service runs, which decides how strict its start is.
  public enum Environment: String, CaseIterable, Sendable {
    /// Real data: nothing may be missing.
    case production
    /// Like production, for trying releases.
    case staging
    /// A developer's machine: requests without a token are let in.
    case development
  }

  /// Certificate and key.
  public struct TLS: Sendable, Hashable {
    /// The certificate chain as PEM text.
    public var certificate: String
    /// The private key as PEM text.
    public var privateKey: String
  }

  /// Where it runs.
  public var environment = Environment.production
  /// The address that it listens on; nil for all addresses of IPv4, in development for this machine alone.
  public var host: String?
  /// The port that it serves on.
  public var port: UInt16 = 8005
  /// The sidecar's address.
  public var sidecar = "http://127.0.0.1:3500"
  /// The token that the sidecar asks for.
  public var sidecarToken: String?
  /// The token that the sidecar brings along.
  public var appToken: String?
  /// The secret that HS256 tokens are signed by.
  public var jwtSecret: String?
  /// The JWK set with the public keys of RS256, PS256 and ES256 tokens: its text, or the path of a file that holds it.
  public var jwtKeys: String?
  /// Who must have made a token; nil for anybody with a key.
  public var jwtIssuer: String?
  /// Whom a token must be for; nil for anybody.
  public var jwtAudience: String?
  /// The name of the secret store component; nil where secrets are in the environment only.
  public var secretStore: String?
  /// Whether callers are limited.
  public var limitsRates = true
  /// By what a service's limits are multiplied; nil leaves services unlimited.
  public var serviceRateFactor: Int?
  /// Most requests that are worked on at one time.
  public var concurrentRequests = 1024
  /// The origins whose web pages may ask.
  public var allowedOrigins: [String] = []
  /// The certificate chain and its private key, PEM texts; nil serves without TLS.
  public var tls: TLS?
  /// The name of the state store.
  public var stateStore = "statestore"
  /// The name of the pub/sub component of events, results and dead letters.
  public var pubsub = "pubsub"
  /// The name of the pub/sub component of the engine's own topics, on the same brokers; nil where that is the same component.
  public var ownPubsub: String?
  /// Most events of one delivery, 1…10,000.
  public var eventBatch = 2_000
  /// How long the sidecar gathers events before it delivers what it has, in milliseconds, 1…10,000.
  public var eventBatchWait = 250
  /// The topics that events come in on.
  public var eventTopics = ["mastery.requests", "learning.completion", "learning.quiz", "learning.quality", "learning.consistency"]
  /// Days that a student's data lives from its last write on, 1…1000.
  public var retentionDays = 90
  /// Lines below it are not logged.
  public var logLevel = LogLevel.info
  /// How log lines look.
  public var logFormat = LogFormat.json

  /// The broker's components, and which topics go over the engine's own.
  public var broker: BrokerComponents {
    BrokerComponents(shared: pubsub, own: ownPubsub ?? pubsub, ownTopics: Set(Topic.own + [Topic.ownProbe]))
  }

  /// The address to listen on: where requests without a token are let in, nobody else reaches it unless that is asked for.
  public var listeningHost: String { host ?? (environment == .development ? "127.0.0.1" : "0.0.0.0") }

  /// Whether only this machine itself reaches the service.
  public var isLocal: Bool { listeningHost.hasPrefix("127.") || listeningHost == "::1" }

  /// The defaults.
  public init() {}
}

/// A setting that stops the start: which one, what it says, what would be right.
public struct BadSetting: Error, Hashable, Sendable, CustomStringConvertible {
  /// The variable.
  public let name: String
  /// What it says; nil when it is missing, or secret.
  public let value: String?
  /// What has to hold.
  public let constraint: String

  /// The one line that the start ends with.
  public var description: String {
    guard let value else { return "\(name) \(constraint)" }
    // Control characters are shown by number, so that it stays one line.
    let shown = value.unicodeScalars.prefix(100).map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : "\($0)" }
    return "\(name) \(constraint), got \"\(shown.joined())\""
  }
}
