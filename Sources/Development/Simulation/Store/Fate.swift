public import DaprClient

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
