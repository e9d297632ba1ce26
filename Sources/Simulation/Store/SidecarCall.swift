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
  /// True for a saving of what is kept of students beside their documents.
  public var isAside: Bool {
    guard case .save(let items) = self else { return false }
    return items.allSatisfy { item in [":audit", "dlq:", ":standing:", "batch"].contains { item.key.contains($0) } }
  }
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
  /// The caller hears this now, and it is done when the caller has gone on.
  case late(SidecarFailure)
  /// It is done but for these keys (state) or partition keys (events).
  case partly(without: Set<String>)
  /// It is done but for these keys, and the caller hears this of the whole.
  case refused(keys: Set<String>, SidecarFailure)

  func spares(_ key: String) -> Bool {
    switch self {
    case .partly(let without): !without.contains(key)
    case .refused(let keys, _): !keys.contains(key)
    default: true
    }
  }
}

/// Decides what becomes of a sidecar's calls.
public protocol CallScript: Sendable {
  /// What becomes of a call; it may take its time before the call takes effect.
  func fate(of call: SidecarCall) async -> Fate

  /// The call has taken effect; it may take its time before the caller hears of it.
  func answering(_ call: SidecarCall) async

  /// Lets something take effect when the caller has gone on.
  func later(_ effect: @escaping @Sendable () -> Void)
}

/// A script of one closure, in which nothing takes time but what the closure itself waits for.
struct PlayedScript: CallScript {
  let play: @Sendable (SidecarCall) async -> Fate

  func fate(of call: SidecarCall) async -> Fate { await play(call) }
  func answering(_ call: SidecarCall) async {}
  func later(_ effect: @escaping @Sendable () -> Void) { effect() }
}
