/// What a development sidecar is told when it starts.
public struct DevSidecarSettings: Sendable {
  /// Which recorded store the state answers like, its quirks included.
  public enum Profile: String, Sendable, CaseIterable {
    /// The in-memory component.
    case memory
    /// SQLite.
    case sqlite
    /// Redis: counting ETags, transactions without rollback.
    case redis
    /// PostgreSQL, second version.
    case postgres
  }

  /// The address to listen on.
  public var host = "127.0.0.1"
  /// The port to listen on; 0 lets the system choose.
  public var port: UInt16
  /// The app's address.
  public var appHost = "127.0.0.1"
  /// The app's port; nil when there is no app to call.
  public var appPort: UInt16?
  /// The app's name, also the prefix of its state keys.
  public var appID: String
  /// The folder that holds the component files.
  public var components: String
  /// The folder that keeps state and undelivered messages; nil keeps both in memory.
  public var data: String?
  /// The folder that stands in for Kubernetes' secrets, as the secret store `kubernetes`; nil when there is none.
  ///
  /// In it lies a folder for each secret, and in that a file for each value.
  public var secrets: String?
  /// Which recorded store the state answers like; nil goes by the type that the state store's component file names.
  public var profile: Profile?
  /// Which recorded broker the topics answer like; nil goes by each component's type: Redis for `pubsub.redis`, Kafka for all others.
  public var broker: BrokerProfile?
  /// What calls and deliveries cost on two simulated cores; nil lets them take what they take.
  public var costs: CostTable?
  /// What callers must send as `dapr-api-token`; nil asks for nothing.
  public var daprAPIToken: String?
  /// What the app gets as `dapr-api-token` with every call but health probes; nil sends nothing.
  public var appAPIToken: String?
  /// Sees each published message that was accepted: its topic and what subscribers get.
  ///
  /// Called while the broker is locked: it must be quick and must not publish.
  public var onPublish: (@Sendable (_ topic: String, _ body: [UInt8]) -> Void)?

  /// Settings with the defaults for everything that is not named.
  public init(port: UInt16, appPort: UInt16?, appID: String, components: String) {
    self.port = port
    self.appPort = appPort
    self.appID = appID
    self.components = components
  }
}
