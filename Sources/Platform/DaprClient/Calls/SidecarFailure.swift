/// The reason why a call to the sidecar failed.
public enum SidecarFailure: Error, Hashable, Sendable {
  /// Nothing listens at the sidecar's address; the call had no effect.
  case unreachable(String)
  /// No answer within the deadline; whether the call took effect is unknown.
  case timedOut
  /// The connection broke; whether the call took effect is unknown.
  case broken(String)
  /// An ETag did not match, or a value that must be absent exists (409).
  case conflict(code: String, message: String)
  /// The token is missing or wrong (401).
  case unauthorized(String)
  /// The request can never succeed as it is (any other 4xx).
  case refused(status: Int, code: String, message: String)
  /// The sidecar or a backend could not do it now (5xx).
  case failed(status: Int, code: String, message: String)
  /// The answer to a read of several keys has no body: one of them holds a value that the sidecar cannot return as JSON.
  case spoiled(String)
  /// The answer differs from the recorded format.
  case unintelligible(String)
}
