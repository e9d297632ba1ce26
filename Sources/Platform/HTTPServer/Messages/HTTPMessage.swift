/// A header's name and value.
public struct HTTPField: Sendable, Hashable {
  /// The name as it was sent.
  public var name: String
  /// The value without surrounding space.
  public var value: String

  /// A header.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A request up to its body.
public struct HTTPRequestHead: Sendable {
  /// The method, as sent.
  public var method: String
  /// The request target as sent: path and query, still percent-encoded.
  public var target: String
  /// The headers in order.
  public var fields: [HTTPField]

  /// A head made by hand, for tests and stand-ins.
  public init(method: String, target: String, fields: [HTTPField] = []) {
    self.method = method
    self.target = target
    self.fields = fields
  }

  /// The first header with that name, ignoring case; nil if there is none.
  public func header(_ name: StaticString) -> String? {
    fields.first { $0.name.equalsIgnoringCase(name) }?.value
  }

  /// The values of all headers with that name in order, ignoring case.
  public func values(of name: StaticString) -> [String] {
    fields.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
  }

  /// The target up to the query, still percent-encoded.
  public var path: Substring {
    target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[..<$0] } ?? target[...]
  }

  /// The target's query without its question mark; empty if there is none.
  public var query: Substring {
    target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[target.utf8.index(after: $0)...] } ?? ""
  }
}

/// A whole request.
public struct HTTPRequest: Sendable {
  /// Everything before the body.
  public var head: HTTPRequestHead
  /// The body, possibly empty.
  public var body: [UInt8]
  /// What read the body if it was too large to be collected; nil if `body` is all of it.
  public var reader: (any HTTPBodyReader)?
  /// What the application worked out from the head when it accepted the request.
  public var context: (any Sendable)?

  /// A request made by hand, for tests and stand-ins.
  public init(head: HTTPRequestHead, body: [UInt8] = [], reader: (any HTTPBodyReader)? = nil, context: (any Sendable)? = nil) {
    self.head = head
    self.body = body
    self.reader = reader
    self.context = context
  }
}

/// An answer.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// The headers; the server adds length, date and connection, and does not send one with an empty value.
  public var fields: [HTTPField]
  /// The body.
  public var body: [UInt8]
  /// Whether the connection closes after it.
  public var closes: Bool

  /// An answer.
  public init(status: Int, fields: [HTTPField] = [], body: [UInt8] = [], closes: Bool = false) {
    self.status = status
    self.fields = fields
    self.body = body
    self.closes = closes
  }

  /// A broken answer: the connection closes after its headers, as if the server died at work; for stand-ins that show faults.
  public static var unanswered: HTTPResponse { HTTPResponse(status: 0, closes: true) }

  /// No byte of an answer: the connection closes, as if the server crashed on the request; for stand-ins that show faults.
  ///
  /// libcurl itself sends a request again if that happens on a connection that was used before.
  public static var hungUp: HTTPResponse { HTTPResponse(status: -1, closes: true) }
}

extension String {
  /// Whether both are the same ASCII letters, ignoring case; the name is given in lower case.
  func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    let name = utf8
    guard name.count == lowercase.utf8CodeUnitCount else { return false }
    var expected = lowercase.utf8Start
    for byte in name {
      guard byte == expected.pointee || ((0x41...0x5A).contains(byte) && byte | 0x20 == expected.pointee) else { return false }
      expected += 1
    }
    return true
  }
}
