/// Where a server listens and what it bears.
public struct HTTPServerSettings: Sendable {
  /// The address: `127.0.0.1`, `0.0.0.0`, `::`, which takes connections over IPv4 too.
  public var host: String
  /// The port; 0 lets the system choose.
  public var port: UInt16
  /// Most bytes of a request's line and headers together.
  public var headLimit = 24 << 10
  /// Most bytes of bodies that are taken in or worked on at one time, over all connections.
  public var bodiesLimit = 64 << 20
  /// Threads that wait for connections and call the application.
  public var threads = 2
  /// Most connections open at one time.
  public var connectionLimit = 4096
  /// Most connections from one address, this machine's own aside.
  public var sourceLimit = 1024
  /// Seconds in which a request's head must be whole once it has begun, also the longest that a connection may be idle.
  public var idleSeconds = 60
  /// The longest that a neighbour's connection may be idle, in seconds: longer than they themselves keep it (a sidecar 90 s), so that
  /// none of them ever uses one that is being closed.
  public var neighbourIdleSeconds = 180
  /// Whether who connects from this machine itself, as a sidecar does, is a neighbour.
  public var isLoopbackNeighbour = true
  /// Seconds in which a request's body must be there.
  public var bodySeconds = 30
  /// PEM text of the certificate chain and its key; nil serves without TLS.
  public var tls: TLS?

  /// Certificate and key.
  public struct TLS: Sendable {
    /// The certificate chain as PEM text.
    public var certificate: String
    /// The private key as PEM text.
    public var privateKey: String

    /// Certificate and key, both PEM text.
    public init(certificate: String, privateKey: String) {
      self.certificate = certificate
      self.privateKey = privateKey
    }
  }

  /// Settings with the default limits.
  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }
}

/// Why a server could not start.
public enum HTTPServerFailure: Error, Hashable, Sendable {
  /// The address is no IPv4 or IPv6 address.
  case badAddress(String)
  /// The system or the library refused: the port is taken, the certificate is no certificate.
  case cannotListen(host: String, port: UInt16)
}
