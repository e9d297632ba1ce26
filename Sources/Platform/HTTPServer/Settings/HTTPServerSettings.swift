/// A server's address and limits.
public struct HTTPServerSettings: Sendable {
  /// The address: one of this machine, `0.0.0.0`, or `::`, which accepts connections over IPv4 too, and over IPv4 alone where the system knows
  /// no IPv6.
  public var host: String
  /// The port; 0 lets the system choose.
  public var port: UInt16
  /// Most bytes of a request's line and headers together.
  public var headLimit = 24 << 10
  /// Most bytes of bodies that arrive or are in use at one time, over all connections.
  public var bodiesLimit = 64 << 20
  /// Threads that wait for connections and call the application.
  public var threads = 2
  /// Most connections open at one time.
  public var connectionLimit = 4096
  /// Most connections from one address, except for this machine's own.
  public var sourceLimit = 1024
  /// Seconds within which a request's head must be whole once it has begun; also the longest that a connection may be idle.
  public var idleSeconds = 60
  /// The longest that a neighbour's connection may be idle, in seconds: longer than neighbours themselves keep it (a sidecar 90 s), so that
  /// none of them ever uses one that is being closed.
  public var neighbourIdleSeconds = 180
  /// Whether connections from this machine itself, such as a sidecar's, count as a neighbour's.
  public var isLoopbackNeighbour = true
  /// Seconds within which a request's body must arrive.
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
