internal import CSockets
internal import Glibc

/// Listens on an address and hands each connection that sends something over, on a thread of its own.
///
/// `@unchecked Sendable`: all is constant but the thread's handle, which is set before anyone else sees the listener.
final class Listener: @unchecked Sendable {
  /// The port that is listened on.
  let port: UInt16
  private let socket: Int32
  private let take: @Sendable (Int32, Source) -> Void
  private var thread = pthread_t()

  /// Seconds after which the system hands over a connection that has sent nothing.
  private static let silence: Int32 = 5

  /// Begins to listen; nil when the address can't be listened on.
  ///
  /// - Parameters:
  ///   - address: The address.
  ///   - take: Takes over a connected socket that does not block.
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

  /// Takes no more connections; those that wait to be taken are refused.
  func stop() {
    // Shut down first, closed once the thread is gone: the number must not be another's while it is used there.
    shutdown(socket, Int32(SHUT_RDWR))
    pthread_join(thread, nil)
    close(socket)
  }

  /// Takes connections until the socket is shut down.
  fileprivate func run() {
    while true {
      var address = sockaddr_storage()
      let connection = shim_accept(socket, &address)
      if connection >= 0 {
        // Answers are sent whole: nothing is to wait for more.
        var isOn: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        take(connection, Source(address))
      } else if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
        // Too much is open: it gets better only when something closes.
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
