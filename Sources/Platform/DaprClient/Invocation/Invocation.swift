/// A call to another service.
public struct Invocation: Sendable {
  /// The Dapr app id of the service.
  public var app: String
  /// The path within the service, without its first slash, with its query.
  public var path: String
  /// The HTTP method.
  public var method: String
  /// Headers to forward.
  public var headers: [(name: String, value: String)]
  /// The body, if any.
  public var body: [UInt8]?

  /// Creates a call.
  public init(app: String, path: String, method: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
    self.app = app
    self.path = path
    self.method = method
    self.headers = headers
    self.body = body
  }
}
