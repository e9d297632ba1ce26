internal import CTLS

/// Certificate and key for sessions of TLS 1.2 and 1.3.
///
/// `@unchecked Sendable`: OpenSSL guards what the handle points at, which never changes once it is made.
final class TLSContext: @unchecked Sendable {
  private let context: OpaquePointer

  /// A context; nil if the texts are not a certificate and its key.
  init?(_ tls: HTTPServerSettings.TLS) {
    let (chain, key) = (Array(tls.certificate.utf8), Array(tls.privateKey.utf8))
    let made = chain.withUnsafeBytes { chain in
      key.withUnsafeBytes { key in
        shim_tls_context(
          chain.baseAddress?.assumingMemoryBound(to: CChar.self), chain.count, key.baseAddress?.assumingMemoryBound(to: CChar.self),
          key.count)
      }
    }
    guard let made else { return nil }
    context = made
  }

  deinit { SSL_CTX_free(context) }

  /// A session on a connected socket; nil if there is no memory.
  func session(on socket: Int32) -> OpaquePointer? { shim_tls_session(context, socket) }
}
