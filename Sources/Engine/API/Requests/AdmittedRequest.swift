/// What a request's head says, worked out once, when it is admitted.
struct AdmittedRequest: Sendable {
  let route: Route
  /// Whether a browser asks what it may send.
  var isPreflight = false
  /// The caller; nil if the route needs none, or the body may name one.
  var caller: Caller?
}
