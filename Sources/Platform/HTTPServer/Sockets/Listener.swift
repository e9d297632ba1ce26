internal import CSockets
internal import Glibc

/// Listens on an address and hands over each connection that sends something, on a thread of its own.
///
/// `@unchecked Sendable`: everything is constant except the thread's handle, which is set before anyone else sees the listener.
final class Listener: @unchecked Sendable {
  /// The port that it listens on.
  let port: UInt16
  private let socket: Int32
  private let take: @Sendable (Int32, Source) -> Void
  private var thread = pthread_t()

  /// Seconds after which the system hands over a connection that has sent nothing.
  private static let silence: Int32 = 5

  /// Begins to listen; nil if the address is not available.
  ///
  /// - Parameters:
  ///   - address: The address.
  ///   - take: Takes over a connected, non-blocking socket.
  init?(_ address: SocketAddress, take: @escaping @Sendable (Int32, Source) -> Void) {
    let socket = address.socket()
    guard socket >= 0, let port = address.listen(socket, deferring: Self.silence) else {
      close(socket)
      return nil
    }
    (self.socket, self.port, self.take) = (socket, port, take)
    let context = Unmanaged.passRetained(self)
    guard pthread_create(&thread, nil, acceptConnections, context.toOpaque()) == 0 else {
      context.release()
      close(socket)
      return nil
    }
  }

  /// Accepts no more connections; waiting ones are refused.
  func stop() {
    // Shut down first and closed once the thread is gone: the number must not be reused while the thread uses it.
    shutdown(socket, Int32(SHUT_RDWR))
    pthread_join(thread, nil)
    close(socket)
  }

  /// Accepts connections until the socket is shut down.
  fileprivate func run() {
    while true {
      var address = sockaddr_storage()
      let connection = shim_accept(socket, &address)
      if connection >= 0 {
        // Answers are sent whole, so nothing should wait for more.
        var isOn: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        take(connection, Source(address))
      } else if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
        // Too many files are open: only closing some helps.
        usleep(20_000)
      } else if errno == EINVAL {
        return
      }
    }
  }
}

/// The thread's entry.
private func acceptConnections(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<Listener>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}
