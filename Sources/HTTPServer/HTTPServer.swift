internal import CMicrohttpd
internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server over libmicrohttpd: one thread waits for all connections and hands whole requests to an application.
///
/// `@unchecked Sendable`: the daemon is a C handle that microhttpd guards itself; everything of ours is constant or behind a lock.
public final class HTTPServer: @unchecked Sendable {
  private let daemon: OpaquePointer
  private let door: Door
  private let context: Unmanaged<Door>
  private let isStopped = Mutex(false)
  /// The port that the server listens on.
  public let port: UInt16

  /// Starts listening.
  ///
  /// - Parameters:
  ///   - settings: Address and limits.
  ///   - application: What answers.
  /// - Throws: `HTTPServerFailure` when the address cannot be listened on.
  public init(_ settings: HTTPServerSettings, application: any HTTPApplication) throws(HTTPServerFailure) {
    let address = try SocketAddress(host: settings.host, port: settings.port)
    let door = Door(settings: settings, application: application)
    // Kept for microhttpd until `stop` has ended the daemon.
    let context = Unmanaged.passRetained(door)
    guard let daemon = Self.start(settings, address: address, context: context.toOpaque()) else {
      context.release()
      throw .cannotListen(host: settings.host, port: settings.port)
    }
    self.daemon = daemon
    self.door = door
    self.context = context
    port = UInt16(truncatingIfNeeded: shim_mhd_port(daemon))
    door.watch.begin()
  }

  private static func start(_ settings: HTTPServerSettings, address: SocketAddress, context: UnsafeMutableRawPointer) -> OpaquePointer? {
    address.withPointer { address in
      var options = shim_mhd_options()
      options.address = address
      options.connections = UInt32(settings.connectionLimit)
      options.idle_seconds = UInt32(settings.idleSeconds)
      options.memory = settings.headLimit
      options.context = context
      options.target = takeTarget
      options.handler = takeRequest
      options.completed = requestCompleted
      options.connection = connectionChanged
      guard let tls = settings.tls else { return shim_mhd_start(&options) }
      return tls.certificate.withCString { certificate in
        tls.privateKey.withCString { key in
          options.certificate = certificate
          options.private_key = key
          return shim_mhd_start(&options)
        }
      }
    }
  }

  /// Requests that are being worked on now.
  public var requestsInFlight: Int { door.inFlight.count }

  /// Stops: no new connection is taken and no new request accepted, running ones end, then all connections close.
  ///
  /// - Parameter limit: How long running requests may take; what is not done by then is answered as refused for stopping.
  /// - Returns: True when every running request ended by itself. Stopping twice does nothing and answers true.
  @discardableResult
  public func stop(within limit: Duration) async -> Bool {
    let again = isStopped.withLock { stopped in
      defer { stopped = true }
      return stopped
    }
    guard !again else { return true }
    // Shut down at once, closed at the end: microhttpd's thread may still hold its number.
    let listening = MHD_quiesce_daemon(daemon)
    if listening >= 0 { shutdown(listening, Int32(SHUT_RDWR)) }
    door.isStopping.store(true, ordering: .sequentiallyConsistent)
    let settled = await door.inFlight.settle(within: limit)
    door.abandon()
    if !settled { _ = await door.inFlight.settle(within: .seconds(1)) }
    door.watch.end()
    MHD_stop_daemon(daemon)
    if listening >= 0 { close(listening) }
    context.release()
    return settled
  }
}
