/// Why the sidecar did not do as asked.
public enum SidecarFailure: Error, Hashable, Sendable {
  /// Nobody listens at the sidecar's address; nothing happened.
  case unreachable(String)
  /// No answer within the deadline; whether it happened is unknown.
  case timedOut
  /// The connection broke; whether it happened is unknown.
  case broken(String)
  /// An ETag did not match, or a value that must be absent is there (409).
  case conflict(code: String, message: String)
  /// The token is missing or wrong (401).
  case unauthorized(String)
  /// The request can never succeed as it is (any other 4xx).
  case refused(status: Int, code: String, message: String)
  /// The sidecar or what is behind it could not do it now (5xx).
  case failed(status: Int, code: String, message: String)
  /// The answer to a read of several keys has no body: one of them holds what the sidecar cannot hand out as JSON.
  case spoiled(String)
  /// The answer is not what the sidecar was recorded to say.
  case unintelligible(String)
}
