internal import CJose

/// A key that verifies tokens, and signs them if it is a secret.
///
/// `@unchecked Sendable`: cjose's handle is only read after it is created, and OpenSSL guards the state inside its keys.
final class SigningKey: @unchecked Sendable {
  /// The kind of a key.
  enum Kind: Sendable {
    case secret, rsa, ellipticCurve
  }

  /// Minimum bits of an RSA key (RFC 7518, 3.3).
  private static let rsaBits = 2048
  /// Maximum bits of an RSA key; larger ones would only slow verification down.
  private static let rsaBitsLimit = 8192

  let kind: Kind
  private let handle: OpaquePointer

  /// Creates a key from a secret; nil for an empty one.
  init?(secret: [UInt8]) {
    var error = cjose_err()
    guard !secret.isEmpty, let handle = cjose_jwk_create_oct_spec(secret, secret.count, &error) else { return nil }
    kind = .secret
    self.handle = handle
  }

  /// Creates a public key from a JWK's text (RFC 7517); nil if it cannot verify tokens.
  init?(jwk text: [UInt8]) {
    var error = cjose_err()
    let made = text.withUnsafeBytes { cjose_jwk_import($0.bindMemory(to: CChar.self).baseAddress, $0.count, &error) }
    guard let handle = made else { return nil }
    switch cjose_jwk_get_kty(handle, &error) {
    case CJOSE_JWK_KTY_RSA where (Self.rsaBits...Self.rsaBitsLimit).contains(cjose_jwk_get_keysize(handle, &error)): kind = .rsa
    case CJOSE_JWK_KTY_EC where cjose_jwk_EC_get_curve(handle, &error) == CJOSE_JWK_EC_P_256: kind = .ellipticCurve
    default:
      cjose_jwk_release(handle)
      return nil
    }
    self.handle = handle
  }

  deinit { cjose_jwk_release(handle) }

  /// Verifies a compact token's signature with this key and reads its payload.
  ///
  /// - Parameters:
  ///   - token: The token, whose header names an algorithm of the key's own kind.
  ///   - read: Receives the payload's bytes, which live as long as the call.
  /// - Returns: The result of `read`; nil if the signature is invalid.
  func verified<Value>(_ token: UnsafeBufferPointer<UInt8>, _ read: (UnsafeRawBufferPointer) -> Value) -> Value? {
    var error = cjose_err()
    let text = UnsafeRawBufferPointer(token).bindMemory(to: CChar.self)
    guard let jws = cjose_jws_import(text.baseAddress, text.count, &error) else { return nil }
    defer { cjose_jws_release(jws) }
    var payload: UnsafeMutablePointer<UInt8>?
    var size = 0
    guard cjose_jws_verify(jws, handle, &error), cjose_jws_get_plaintext(jws, &payload, &size, &error) else { return nil }
    return read(UnsafeRawBufferPointer(start: payload, count: size))
  }

  /// Signs a payload as a compact token; nil if the key is not a secret.
  func signed(_ payload: [UInt8]) -> String? {
    var error = cjose_err()
    guard kind == .secret, let header = cjose_header_new(&error) else { return nil }
    defer { cjose_header_release(header) }
    guard cjose_header_set(header, "alg", SigningAlgorithm.hs256.rawValue, &error), cjose_header_set(header, "typ", "JWT", &error),
      let jws = cjose_jws_sign(handle, header, payload, payload.count, &error)
    else { return nil }
    defer { cjose_jws_release(jws) }
    var text: UnsafePointer<CChar>?
    guard cjose_jws_export(jws, &text, &error), let text else { return nil }
    return String(cString: text)
  }
}
