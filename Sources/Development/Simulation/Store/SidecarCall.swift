public import DaprClient

/// A call of the simulated sidecar.
public enum SidecarCall: Sendable {
  /// Keys were read.
  case load([String])
  /// Values to save.
  case save([SaveItem])
  /// A key to delete.
  case delete(String)
  /// Events to publish to a topic.
  case publish(String, [OutgoingEvent])
  /// Anything else, by name.
  case other(String)

  /// Whether it is a read.
  public var isLoad: Bool { if case .load = self { true } else { false } }
  /// Whether it is a save.
  public var isSave: Bool { if case .save = self { true } else { false } }
  /// Whether it is a save of students' data beside their documents.
  public var isAside: Bool {
    guard case .save(let items) = self else { return false }
    return items.allSatisfy { item in [":audit", "dlq:", ":standing:", "batch"].contains { item.key.contains($0) } }
  }
  /// Whether it is a publish.
  public var isPublish: Bool { if case .publish = self { true } else { false } }
}

/// The fate of a call.
public enum Fate: Sendable {
  /// It takes effect and is answered.
  case done
  /// Nothing happens and the caller gets this failure.
  case failed(SidecarFailure)
  /// It takes effect, and the caller gets this failure instead of the answer.
  case answerLost(SidecarFailure)
  /// The caller gets this failure now, and the call takes effect once the caller has gone on.
  case late(SidecarFailure)
  /// It takes effect except for these keys (state) or partition keys (events).
  case partly(without: Set<String>)
  /// It takes effect except for these keys, and the caller gets this failure for the whole.
  case refused(keys: Set<String>, SidecarFailure)

  func spares(_ key: String) -> Bool {
    switch self {
    case .partly(let without): !without.contains(key)
    case .refused(let keys, _): !keys.contains(key)
    default: true
    }
  }
}

/// Decides the fate of a sidecar's calls.
public protocol CallScript: Sendable {
  /// The fate of a call; it may take time before the call takes effect.
  func fate(of call: SidecarCall) async -> Fate

  /// The call has taken effect; it may take time before the caller gets the answer.
  func answering(_ call: SidecarCall) async

  /// Lets something take effect once the caller has gone on.
  func later(_ effect: @escaping @Sendable () -> Void)
}

/// A script of one closure, in which nothing takes time except what the closure itself waits for.
struct PlayedScript: CallScript {
  let play: @Sendable (SidecarCall) async -> Fate

  func fate(of call: SidecarCall) async -> Fate { await play(call) }
  func answering(_ call: SidecarCall) async {}
  func later(_ effect: @escaping @Sendable () -> Void) { effect() }
}
