public import DaprClient

/// Something that was asked of the simulated sidecar.
public enum SidecarCall: Sendable {
  /// Keys were read.
  case load([String])
  /// Values were to be saved.
  case save([SaveItem])
  /// A key was to be deleted.
  case delete(String)
  /// Events were to be published to a topic.
  case publish(String, [OutgoingEvent])
  /// Anything else, by name.
  case other(String)

  /// True for a reading.
  public var isLoad: Bool { if case .load = self { true } else { false } }
  /// True for a saving.
  public var isSave: Bool { if case .save = self { true } else { false } }
  /// True for a publishing.
  public var isPublish: Bool { if case .publish = self { true } else { false } }
}

/// What becomes of a call.
public enum Fate: Sendable {
  /// It is done and answered.
  case done
  /// Nothing happens and the caller hears this.
  case failed(SidecarFailure)
  /// It is done, and the caller hears this instead of the answer.
  case answerLost(SidecarFailure)
  /// It is done but for these keys (state) or partition keys (events).
  case partly(without: Set<String>)

  func spares(_ key: String) -> Bool {
    if case .partly(let without) = self { !without.contains(key) } else { true }
  }
}
