/// Why a server could not start.
public enum HTTPServerFailure: Error, Hashable, Sendable {
  /// The address is not an IPv4 or IPv6 address.
  case badAddress(String)
  /// The system or the library refused: the port is taken, or the certificate is invalid.
  case cannotListen(host: String, port: UInt16)
}
