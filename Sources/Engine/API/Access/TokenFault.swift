/// The reason why a token is refused.
enum TokenFault: Error, Hashable, Sendable {
  /// It is not a well-formed token, or it contains duplicate or invalid members.
  case malformed
  /// It exceeds the maximum length.
  case oversize
  /// Its algorithm is not supported.
  case algorithm
  /// There is no key of that id and kind.
  case unknownKey
  /// There is no such key yet, and the keys are being fetched.
  case keyAwaited
  /// The signature does not match the key.
  case signature
  /// A claim is missing.
  case missing(String)
  /// A claim has a wrong value.
  case wrong(String)
  /// The token has expired.
  case expired
  /// The token is not valid yet.
  case early

  /// The reason in words for the bearer; it reveals nothing about the keys.
  var description: String {
    switch self {
    case .malformed: "the token is malformed"
    case .oversize: "the token is too long"
    case .algorithm: "the token's algorithm is not allowed"
    case .unknownKey, .signature: "the token's signature is not good"
    case .keyAwaited: "the token's key is being fetched"
    case .missing(let claim): "the token has no claim \(claim)"
    case .wrong(let claim): "the token's claim \(claim) is not right here"
    case .expired: "the token has expired"
    case .early: "the token is not good yet"
    }
  }
}

extension Problem {
  private static let realm = #"Bearer realm="mastery-engine""#

  /// A required token is missing.
  static let tokenMissing = Self(
    code: .authentication, status: 401, message: "a token is required: Authorization: Bearer …",
    headers: [Detail(name: "WWW-Authenticate", value: realm)])

  /// The token's key is not known yet, and the keys are being fetched.
  static let tokenKeyAwaited = Self(
    code: .unavailable, status: 503, message: "\(TokenFault.keyAwaited.description); try again", headers: [retrySoon])

  /// The token is refused.
  static func tokenRefused(_ fault: TokenFault) -> Self {
    Self(
      code: .authentication, status: 401, message: fault.description,
      headers: [
        Detail(
          name: "WWW-Authenticate", value: "\(realm), error=\"invalid_token\", error_description=\"\(fault.description)\"")
      ])
  }
}
