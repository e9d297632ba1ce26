/// The called service's answer.
public struct InvocationAnswer: Sendable {
  /// The HTTP status.
  public var status: Int
  /// The headers, names in lower case.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]

  /// Creates an answer.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
