public import DaprClient

/// The fate of a call.
public enum Fate: Sendable {
  /// The call takes effect and is answered.
  case done
  /// The call has no effect, and the caller gets this failure.
  case failed(SidecarFailure)
  /// The call takes effect, but the caller gets this failure instead of the answer.
  case answerLost(SidecarFailure)
  /// The caller gets this failure now, and the call takes effect later.
  case late(SidecarFailure)
  /// The call takes effect except for these keys (state) or partition keys (events).
  case partly(without: Set<String>)
  /// The call takes effect except for these keys, and the caller gets this failure for the whole call.
  case refused(keys: Set<String>, SidecarFailure)

  func spares(_ key: String) -> Bool {
    switch self {
    case .partly(let without): !without.contains(key)
    case .refused(let keys, _): !keys.contains(key)
    default: true
    }
  }
}
