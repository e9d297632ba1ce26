internal import Glibc

/// Listens on an address and hands each connection that sends something to the daemons, on a thread of its own.
///
/// `@unchecked Sendable`: all is constant but the thread's handle, which is set before anyone else sees the listener.
final class Listener: @unchecked Sendable {
  /// The port that is listened on.
  let port: UInt16
  private let socket: Int32
  private let daemons: Daemons
  private var thread = pthread_t()

  /// Seconds after which the system hands over a connection that has sent nothing.
  private static let silence: Int32 = 5

  /// Begins to listen; nil when the address can't be listened on.
  init?(_ address: SocketAddress, daemons: Daemons) {
    let socket = address.socket()
    guard socket >= 0, let port = address.listen(socket, deferring: Self.silence) else {
      close(socket)
      return nil
    }
    (self.socket, self.port, self.daemons) = (socket, port, daemons)
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
      let connection = accept(socket, nil, nil)
      if connection >= 0 {
        daemons.take(connection)
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
