/// Decides the fate of a sidecar's calls.
public protocol CallScript: Sendable {
  /// The fate of a call; it may take time before the call takes effect.
  func fate(of call: SidecarCall) async -> Fate

  /// The call has taken effect; it may take time before the caller gets the answer.
  func answering(_ call: SidecarCall) async

  /// Lets something take effect once the caller has gone on.
  func later(_ effect: @escaping @Sendable () -> Void)
}
