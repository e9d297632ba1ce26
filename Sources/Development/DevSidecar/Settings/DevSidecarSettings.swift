/// Settings of a development sidecar.
public struct DevSidecarSettings: Sendable {
  /// Which recorded store the state behaves like, including its quirks.
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
  /// The app's port; nil if there is no app to call.
  public var appPort: UInt16?
  /// The app's name, also the prefix of its state keys.
  public var appID: String
  /// The folder that holds the component files.
  public var components: String
  /// The folder for state and undelivered messages; nil keeps both in memory.
  public var data: String?
  /// The folder that stands in for Kubernetes' secrets, as the secret store `kubernetes`; nil if there is none.
  ///
  /// It has a folder for each secret, which has a file for each value.
  public var secrets: String?
  /// Which recorded store the state behaves like; nil uses the type that the state store's component file names.
  public var profile: Profile?
  /// Which recorded broker the topics behave like; nil uses each component's type: Redis for `pubsub.redis`, Kafka for all others.
  public var broker: BrokerProfile?
  /// What calls and deliveries cost on two simulated cores; nil lets them take their real time.
  public var costs: CostTable?
  /// What callers must send as `dapr-api-token`; nil requires nothing.
  public var daprAPIToken: String?
  /// What the app gets as `dapr-api-token` with every call except health probes; nil sends nothing.
  public var appAPIToken: String?
  /// Sees each accepted message: its topic and what subscribers get.
  ///
  /// Called while the broker is locked: it must be quick and must not publish.
  public var onPublish: (@Sendable (_ topic: String, _ body: [UInt8]) -> Void)?

  /// Sees a line each time that messages cannot be read, which nothing but the recorded sidecar's log tells either.
  public var onNote: (@Sendable (_ line: String) -> Void)?

  /// Settings with the defaults for everything that is not given.
  public init(port: UInt16, appPort: UInt16?, appID: String, components: String) {
    self.port = port
    self.appPort = appPort
    self.appID = appID
    self.components = components
  }
}
