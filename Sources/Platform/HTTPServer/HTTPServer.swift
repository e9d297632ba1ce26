internal import Synchronization

/// An HTTP/1.1 server: a few threads wait for all connections and hand whole requests to an application.
///
/// It parses requests by itself: the distribution's only library for it (libmicrohttpd 0.9.75) unfolds headers, cuts at NUL, and accepts
/// bare line feeds before anybody can look, so that a proxy in front of it sees other requests.
public final class HTTPServer: Sendable {
  private let listener: Listener
  private let loops: [EventLoop]
  private let dispatcher: RequestDispatcher
  private let isStopped = Mutex(false)
  /// The port that the server listens on.
  public var port: UInt16 { listener.port }

  /// Starts listening.
  ///
  /// - Parameters:
  ///   - settings: Address and limits.
  ///   - application: What answers.
  /// - Throws: `HTTPServerFailure` if the address is not available.
  public init(_ settings: HTTPServerSettings, application: any HTTPApplication) throws(HTTPServerFailure) {
    let address = try SocketAddress(host: settings.host, port: settings.port).known()
    let tls = settings.tls.map(TLSContext.init)
    let failure = HTTPServerFailure.cannotListen(host: settings.host, port: settings.port)
    if case .some(.none) = tls { throw failure }
    let dispatcher = RequestDispatcher(settings: settings, application: application, tls: tls ?? nil)
    let loops = (0..<max(settings.threads, 1)).compactMap { _ in EventLoop(dispatcher: dispatcher) }
    let distributor = Distributor(dispatcher: dispatcher, loops: loops)
    guard loops.count == max(settings.threads, 1), let listener = Listener(address, take: { distributor.take($0, from: $1) }) else {
      Self.end(loops)
      throw failure
    }
    self.listener = listener
    self.loops = loops
    self.dispatcher = dispatcher
  }

  /// Requests currently in progress.
  public var requestsInFlight: Int { dispatcher.inFlight.count }

  /// Stops: no new connection or request is accepted, running requests end, and then all connections close.
  ///
  /// - Parameter limit: How long running requests may take; unfinished ones are then answered as refused for stopping. An unfinished body
  ///   or an unread answer is waited for no longer than two seconds.
  /// - Returns: True if every running request ended by itself. Stopping twice does nothing and returns true.
  @discardableResult
  public func stop(within limit: Duration) async -> Bool {
    let again = isStopped.withLock { stopped in
      defer { stopped = true }
      return stopped
    }
    guard !again else { return true }
    listener.stop()
    dispatcher.isStopping.store(true, ordering: .sequentiallyConsistent)
    for loop in loops { loop.post(.hurry) }
    let settled = await dispatcher.inFlight.settle(within: limit)
    for loop in loops { loop.post(.abandon) }
    if !settled { _ = await dispatcher.inFlight.settle(within: .seconds(1)) }
    Self.end(loops)
    return settled
  }

  private static func end(_ loops: [EventLoop]) {
    for loop in loops { loop.post(.end) }
    for loop in loops { loop.join() }
  }
}
