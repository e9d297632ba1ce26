internal import CCrypto
internal import Encodings
internal import HTTPServer

/// The token by which the app knows its own sidecar.
struct SidecarToken: Sendable {
  private let digest: [UInt8]?

  /// Where there is no token, every caller counts as the sidecar.
  init(_ token: String?) {
    digest = token.map { Digest.sha256Bytes(Array($0.utf8)) }
  }

  /// Whether a request comes from the sidecar, found in the same time whatever it brings.
  func isBrought(by head: HTTPRequestHead) -> Bool {
    guard let digest else { return true }
    let given = head.values(of: "dapr-api-token")
    guard given.count == 1 else { return false }
    // Digests are of one length, so that not even the token's length shows.
    return CRYPTO_memcmp(digest, Digest.sha256Bytes(Array(given[0].utf8)), digest.count) == 0
  }
}

extension Problem {
  /// A call that only the sidecar makes, without its token.
  static let notTheSidecar = Self(
    code: .authentication, status: 401, message: "only the sidecar may call this: dapr-api-token is missing or wrong",
    headers: [Detail(name: "WWW-Authenticate", value: #"dapr-api-token realm="mastery-engine""#)])

  /// A call that only the sidecar itself makes, invoked by another app through it.
  static let invoked = Self(
    code: .forbidden, status: 403, message: "only the sidecar itself may call this, no app through it")
}
