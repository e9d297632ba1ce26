/// The supported signature algorithms.
enum SigningAlgorithm: String, CaseIterable, Sendable {
  case hs256 = "HS256"
  case rs256 = "RS256"
  case ps256 = "PS256"
  case es256 = "ES256"

  /// The only kind of key that the algorithm uses.
  var kind: SigningKey.Kind {
    switch self {
    case .hs256: .secret
    case .rs256, .ps256: .rsa
    case .es256: .ellipticCurve
    }
  }
}
