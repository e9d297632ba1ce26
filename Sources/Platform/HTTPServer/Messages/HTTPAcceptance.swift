/// How a request is accepted.
public struct HTTPAcceptance: Sendable {
  /// The body is collected up to that many bytes; a larger one goes to the application's `bodyReader`, or is refused.
  public let bodyLimit: Int
  /// Whose room the body takes.
  public let share: HTTPBodyShare
  /// What the application worked out from the head; it comes back with the request.
  public let context: (any Sendable)?
}
