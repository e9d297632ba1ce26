internal import Encodings
internal import JSON

/// The header of a token in compact form (RFC 7515, 7.1), parsed before any key is used.
struct CompactToken {
  /// Maximum bytes of a token.
  static let limit = 128 << 10
  /// Maximum characters of a header, which is parsed before anything is known about its sender.
  private static let headerLimit = 4 << 10
  /// Maximum characters of a signature, set by the largest key.
  private static let signatureLimit = 1_400
  /// Maximum number of members of a header.
  private static let membersLimit = 16

  let algorithm: SigningAlgorithm
  /// The id of the signing key, as bytes.
  let keyID: [UInt8]?

  /// Parses a token's header.
  ///
  /// - Throws: `TokenFault` if it is not a compact token, or not signed in an accepted way.
  init(_ token: UnsafeBufferPointer<UInt8>) throws(TokenFault) {
    guard token.count <= Self.limit else { throw .oversize }
    let dot = UInt8(ascii: ".")
    guard let first = token.firstIndex(of: dot), let last = token.lastIndex(of: dot), first < last, first <= Self.headerLimit,
      (1...Self.signatureLimit).contains(token.count - last - 1), let header = Base64URL.decode(token[..<first]),
      // The signature covers the text of header and payload, but not its own text, so only one encoding of the signature is accepted.
      Base64URL.decode(token[(last + 1)...]) != nil, Base64URL.holdsOnlyItsCharacters(token[(first + 1)..<last])
    else { throw .malformed }
    do {
      (algorithm, keyID) = try JSONDocument.parse(header, Self.read)
    } catch {
      switch error {
      case .malformed: throw .malformed
      case .reading(let fault): throw fault
      }
    }
  }

  private static func read(_ header: JSONValue) throws(TokenFault) -> (SigningAlgorithm, [UInt8]?) {
    guard header.kind == .object, Claims.areDistinct(header, limit: membersLimit) else { throw .malformed }
    // The token requires extensions to be understood, and none are supported.
    guard header["crit"] == nil, header["b64"] == nil else { throw .malformed }
    guard let name = header["alg"] else { throw .malformed }
    guard let algorithm = SigningAlgorithm.allCases.first(where: { name.text?.matches($0.rawValue) == true }) else { throw .algorithm }
    guard let id = header["kid"] else { return (algorithm, nil) }
    guard let text = id.text else { throw .malformed }
    return (algorithm, Array(text))
  }
}
