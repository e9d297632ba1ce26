/// Decides the fate of a sidecar's calls.
public protocol CallScript: Sendable {
  /// Decides the fate of a call; may wait, which delays the call's effect.
  func fate(of call: SidecarCall) async -> Fate

  /// Called when a call has taken effect; may wait, which delays the answer.
  func answering(_ call: SidecarCall) async

  /// Runs the effect of a call whose caller has given up.
  func later(_ effect: @escaping @Sendable () -> Void)
}
