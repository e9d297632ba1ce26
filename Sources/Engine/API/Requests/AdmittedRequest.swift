internal import MasteryCore

/// What a request's head says, worked out once, when it is admitted.
struct AdmittedRequest: Sendable {
  let route: Route
  /// Whether a browser asks what it may send.
  var isPreflight = false
  /// The caller; nil if the route needs none, or the body may name one.
  var caller: Caller?
  /// When the caller was identified.
  let at: Timestamp

  /// How long the caller stays identified, in milliseconds: while a body trickles in, a token may expire or be revoked.
  private static let validity: Int64 = 1_000

  /// Whether the caller has to be identified again.
  func isOutdated(at now: Timestamp) -> Bool { !(0...Self.validity).contains(now.milliseconds - at.milliseconds) }
}
