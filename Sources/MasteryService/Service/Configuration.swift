/// How the service is set up: plain values with the defaults of the contract's section 7.
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

  /// Where it runs.
  public var environment = Environment.production
  /// The port that it serves on.
  public var port: UInt16 = 8005
  /// The sidecar's address.
  public var sidecar = "http://127.0.0.1:3500"
  /// The token that the sidecar asks for.
  public var sidecarToken: String?
  /// The token that the sidecar brings along.
  public var appToken: String?
  /// The name of the state store.
  public var stateStore = "statestore"
  /// The name of the pub/sub component.
  public var pubsub = "pubsub"
  /// The topics that events come in on.
  public var eventTopics = ["mastery.requests", "learning.completion", "learning.quiz", "learning.quality", "learning.consistency"]
  /// Days that a student's data lives from its last write on, 1…1000.
  public var retentionDays = 90
  /// How long a delivery waits for what its students did at the same time, in milliseconds; no setting of the environment.
  public var gatheringMilliseconds = 30
  /// Lines below it are not logged.
  public var logLevel = LogLevel.info
  /// How log lines look.
  public var logFormat = LogFormat.json

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
    return "\(name) \(constraint), not \"\(shown.joined())\""
  }
}
