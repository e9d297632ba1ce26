public import MasteryCore

/// The configuration of the service: plain values with the defaults of the Contract article, "Settings".
public struct Configuration: Sendable, Hashable {
  /// The environment that the service runs in, which decides how strict its start is.
  public enum Environment: String, CaseIterable, Sendable {
    /// Real data: no required setting may be missing.
    case production
    /// Like production, for testing releases.
    case staging
    /// A developer's machine: requests without a token are accepted.
    case development
  }

  /// A certificate and its key.
  public struct TLS: Sendable, Hashable {
    /// The certificate chain as PEM text.
    public var certificate: String
    /// The private key as PEM text.
    public var privateKey: String
  }

  /// A text with a name.
  public struct NamedText: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The text.
    public let text: String
  }

  /// The environment that the service runs in.
  public var environment = Environment.production
  /// The address to listen on; nil for all addresses, IPv6 and IPv4, or in development for this machine only.
  public var host: String?
  /// The port to listen on.
  public var port: UInt16 = 8005
  /// The sidecar's address.
  public var sidecar = "http://127.0.0.1:3500"
  /// The token that the sidecar requires.
  public var sidecarToken: String?
  /// The token that the sidecar sends.
  public var appToken: String?
  /// The secret that signs HS256 tokens.
  public var jwtSecret: String?
  /// The JWK set with the public keys of RS256, PS256 and ES256 tokens: its text, the path of a file that holds it, or `dapr:` with the name
  /// of an HTTPEndpoint and a path of it.
  public var jwtKeys: String?
  /// The required issuer of tokens; nil accepts any.
  public var jwtIssuer: String?
  /// The required audience of tokens; nil accepts any.
  public var jwtAudience: String?
  /// The claims of tokens, and the words for roles.
  public var claimNames = ClaimNames()
  /// The name of the secret store component; nil if secrets are only in the environment.
  public var secretStore: String?
  /// Whether rate limits apply.
  public var limitsRates = true
  /// The multiplier of rate limits for services; nil leaves services unlimited.
  public var serviceRateFactor: Int?
  /// Maximum number of concurrent requests.
  public var concurrentRequests = 1024
  /// The allowed web origins.
  public var allowedOrigins: [String] = []
  /// The certificate chain and its private key as PEM texts; nil serves without TLS.
  public var tls: TLS?
  /// The name of the state store component.
  public var stateStore = "statestore"
  /// The name of the pub/sub component of events, results and dead letters.
  public var pubsub = "pubsub"
  /// The names of the pub/sub components of event topics that do not use `pubsub`, by topic; on the same brokers.
  public var eventPubsubs: [String: String] = [:]
  /// The topics whose messages are in Avro: event topics, and topics that only others read.
  public var avroTopics: [String] = []
  /// The name of the pub/sub component for the topics in Avro, on the same brokers; nil if there are none.
  public var avroPubsub: String?
  /// The name of the pub/sub component for the engine's own topics, on the same brokers; nil if it is the same component.
  public var ownPubsub: String?
  /// Maximum number of events in one delivery, 1…10,000.
  public var eventBatch = 2_000
  /// How long the sidecar collects events before it delivers them, in milliseconds, 1…10,000.
  public var eventBatchWait = 250
  /// The event topics.
  public var eventTopics = ["mastery.requests", "learning.completion", "learning.quiz", "learning.quality", "learning.consistency"]
  /// Days that a student's data is kept after its last write, 1…1000.
  public var retentionDays = 90
  /// What the days of a topic come to.
  public var scoring = Scoring.latest
  /// The schools' days.
  public var calendars = SchoolCalendars()
  /// The least number of students of a group whose average, median and order a student may see, 1…1000.
  public var minimumGroup = 10
  /// The lowest level that is logged.
  public var logLevel = LogLevel.info
  /// The format of log lines.
  public var logFormat = LogFormat.json
  /// The collector's whole address for spans; nil sends none.
  public var traceCollector: String?
  /// The headers that go along with spans, such as a token of the collector's; their values are secret.
  public var traceHeaders: [NamedText] = []
  /// What spans say of the process beside its name, its version and its id.
  public var resourceAttributes: [NamedText] = []
  /// The name of the service in its spans.
  public var serviceName = "mastery-engine"

  /// The address to listen on: where requests without a token are accepted, only this machine can reach it unless configured otherwise.
  public var listeningHost: String { host ?? (environment == .development ? "127.0.0.1" : "::") }

  /// Whether only this machine can reach the service.
  public var isLocal: Bool { listeningHost.hasPrefix("127.") || listeningHost == "::1" }

  /// Creates a configuration with the defaults.
  public init() {}
}
