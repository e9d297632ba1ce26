internal import CCrypto
internal import Encodings
internal import HTTPServer

/// The token that identifies the app's own sidecar.
struct SidecarToken: Sendable {
  private let digest: [UInt8]?

  /// Without a token, every caller counts as the sidecar.
  init(_ token: String?) {
    digest = token.map { Digest.sha256Bytes(Array($0.utf8)) }
  }

  /// Whether a request comes from the sidecar, checked in constant time.
  func isBrought(by head: HTTPRequestHead) -> Bool {
    guard let digest else { return true }
    let given = head.values(of: "dapr-api-token")
    guard given.count == 1 else { return false }
    // Digests have the same length, so not even the token's length leaks.
    return CRYPTO_memcmp(digest, Digest.sha256Bytes(Array(given[0].utf8)), digest.count) == 0
  }
}

extension Problem {
  /// A sidecar-only call arrived without the sidecar's token.
  static let notTheSidecar = Self(
    code: .authentication, status: 401, message: "only the sidecar may call this: dapr-api-token is missing or wrong",
    headers: [Detail(name: "WWW-Authenticate", value: #"dapr-api-token realm="mastery-engine""#)])

  /// A sidecar-only call was invoked by another app through the sidecar.
  static let invoked = Self(
    code: .forbidden, status: 403, message: "only the sidecar itself may call this, no app through it")
}
