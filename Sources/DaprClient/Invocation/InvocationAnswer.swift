/// What the called service answered.
public struct InvocationAnswer: Sendable {
  /// Its status.
  public var status: Int
  /// Its headers, names in lower case.
  public var headers: [(name: String, value: String)]
  /// Its body.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
