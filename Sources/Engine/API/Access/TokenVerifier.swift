internal import JSON
internal import MasteryCore

/// Verifies tokens and reads their claims.
struct TokenVerifier: Sendable {
  /// Allowed difference between the clocks of issuer and service, in seconds.
  private static let leeway = 30.0

  let keys: KeyRing
  let issuer: String?
  let audience: String?
  var claimNames = ClaimNames()
  let remembered: VerifiedTokens

  /// The claims of a token.
  ///
  /// - Throws: `TokenFault` with the reason why the token is refused.
  func claims(of token: String, now: Timestamp) throws(TokenFault) -> Claims {
    var token = token
    guard token.utf8.count <= CompactToken.limit else { throw .oversize }
    let (keys, generation) = keys.keys(now: now)
    if let claims = remembered.claims(of: token, generation: generation) {
      try Self.check(claims, now)
      return claims
    }
    let verified = token.withUTF8 { bytes in Result { () throws(TokenFault) in try verify(bytes, by: keys, now: now) } }
    let claims = try verified.get()
    try Self.check(claims, now)
    remembered.remember(token, claims, generation: generation)
    return claims
  }

  private func verify(_ token: UnsafeBufferPointer<UInt8>, by keys: KeySet, now: Timestamp) throws(TokenFault) -> Claims {
    let header = try CompactToken(token)
    guard let key = keys.key(for: header.algorithm, id: header.keyID) else {
      throw header.algorithm.kind != .secret && self.keys.isFetching(for: now) ? .keyAwaited : .unknownKey
    }
    guard let read = key.verified(token, read) else { throw .signature }
    return try read.get()
  }

  private func read(_ payload: UnsafeRawBufferPointer) -> Result<Claims, TokenFault> {
    do throws(JSONFailure<TokenFault>) {
      return .success(
        try JSONDocument.parse(payload) { (root) throws(TokenFault) in
          try Claims(root, issuer: issuer, audience: audience, names: claimNames)
        })
    } catch {
      switch error {
      case .malformed: return .failure(.malformed)
      case .reading(let fault): return .failure(fault)
      }
    }
  }

  /// A token that was valid before may have expired since.
  private static func check(_ claims: Claims, _ now: Timestamp) throws(TokenFault) {
    let seconds = Double(now.milliseconds) / 1_000
    guard seconds < claims.expires + leeway else { throw .expired }
    if let notBefore = claims.notBefore, seconds < notBefore - leeway { throw .early }
  }
}
