internal import Synchronization

/// An HTTP/1.1 server over libmicrohttpd: few threads wait for all connections and hand whole requests to an application.
public final class HTTPServer: Sendable {
  private let listener: Listener
  private let daemons: Daemons
  private let door: Door
  private let isStopped = Mutex(false)
  /// The port that the server listens on.
  public var port: UInt16 { listener.port }

  /// Starts listening.
  ///
  /// - Parameters:
  ///   - settings: Address and limits.
  ///   - application: What answers.
  /// - Throws: `HTTPServerFailure` when the address cannot be listened on.
  public init(_ settings: HTTPServerSettings, application: any HTTPApplication) throws(HTTPServerFailure) {
    let address = try SocketAddress(host: settings.host, port: settings.port)
    let door = Door(settings: settings, application: application)
    // Kept for microhttpd until `stop` has ended the daemons.
    let context = Unmanaged.passRetained(door)
    guard let daemons = Daemons(settings, connections: door.connections, watch: door.watch, context: context.toOpaque()) else {
      context.release()
      throw .cannotListen(host: settings.host, port: settings.port)
    }
    guard let listener = Listener(address, daemons: daemons) else {
      daemons.stop()
      context.release()
      throw .cannotListen(host: settings.host, port: settings.port)
    }
    self.listener = listener
    self.daemons = daemons
    self.door = door
    door.watch.begin()
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
    listener.stop()
    door.isStopping.store(true, ordering: .sequentiallyConsistent)
    let settled = await door.inFlight.settle(within: limit)
    door.abandon()
    if !settled { _ = await door.inFlight.settle(within: .seconds(1)) }
    door.watch.end()
    daemons.stop()
    Unmanaged.passUnretained(door).release()
    return settled
  }
}
