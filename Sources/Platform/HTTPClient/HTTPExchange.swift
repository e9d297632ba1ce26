/// A request to send.
public struct HTTPCall: Sendable {
  /// The method, in capitals.
  public var method: String
  /// The whole address, already percent-encoded.
  public var url: String
  /// Names and values in order.
  public var headers: [(name: String, value: String)]
  /// The body; nil sends none.
  public var body: [UInt8]?
  /// How long the answer may take, from now to its last byte, in milliseconds.
  public var deadline: Int
  /// Whether over TLS the server must prove who it is; false only where this machine asks itself and nothing secret is sent.
  public var provesServer = true

  /// A request with everything that it needs.
  public init(_ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, deadline: Int) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.deadline = deadline
  }
}

/// An answer that arrived whole.
public struct HTTPAnswer: Sendable {
  /// The status code.
  public var status: Int
  /// Names, in lower case, and values in order.
  public var headers: [(name: String, value: String)]
  /// The body, possibly empty.
  public var body: [UInt8]

  /// An answer made by hand, for stand-ins.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, given in lower case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name == name }?.value
  }
}

/// Why no answer came.
public enum HTTPClientFailure: Error, Hashable, Sendable {
  /// Nobody listens there; the request was not sent.
  case unreachable(String)
  /// The deadline passed; whether the request took effect is unknown.
  case timedOut
  /// The connection broke; whether the request took effect is unknown.
  case broken(String)
  /// The client was stopped; the request was not sent or not waited for.
  case stopped
}
