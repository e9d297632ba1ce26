/// Why a token is not taken.
enum TokenFault: Error, Hashable, Sendable {
  /// It is no token, or says something twice or in a way that is none.
  case malformed
  /// It is longer than a token may be.
  case oversize
  /// Its algorithm is not one that is taken.
  case algorithm
  /// There is no key of that name and kind.
  case unknownKey
  /// The signature is not of the key.
  case signature
  /// A claim is missing.
  case missing(String)
  /// A claim is not what it has to be.
  case wrong(String)
  /// It has ended.
  case expired
  /// It has not begun.
  case early

  /// In words, for the bearer; it shows nothing of the keys.
  var description: String {
    switch self {
    case .malformed: "the token is malformed"
    case .oversize: "the token is too long"
    case .algorithm: "the token's algorithm is not allowed"
    case .unknownKey, .signature: "the token's signature is not good"
    case .missing(let claim): "the token has no claim \(claim)"
    case .wrong(let claim): "the token's claim \(claim) is not right here"
    case .expired: "the token has expired"
    case .early: "the token is not good yet"
    }
  }
}

extension Problem {
  private static let realm = #"Bearer realm="mastery-engine""#

  /// There is no token where one has to be.
  static let tokenMissing = Self(
    code: .authentication, status: 401, message: "a token is required: Authorization: Bearer …",
    headers: [Detail(name: "WWW-Authenticate", value: realm)])

  /// There is a token, and it is not taken.
  static func tokenRefused(_ fault: TokenFault) -> Self {
    Self(
      code: .authentication, status: 401, message: fault.description,
      headers: [
        Detail(
          name: "WWW-Authenticate", value: "\(realm), error=\"invalid_token\", error_description=\"\(fault.description)\"")
      ])
  }
}
