internal import Glibc
internal import Synchronization

/// A listening port whose connections a test serves by hand, one after the other, on a thread of their own.
public final class RawListener: Sendable {
  private let socket: Int32
  private let isClosed = Mutex(false)
  /// The port.
  public let port: UInt16

  /// Listens and hands each connection, with its number from 0, to a closure; it closes when the closure releases it.
  ///
  /// - Parameter serve: What to do with a connection; nil accepts none, so that a client waits for ever.
  public init(_ serve: (@Sendable (Int, RawConnection) -> Void)?) {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.socket = socket
    port = bindToFreePort(socket) ?? 0
    _ = listen(socket, 128)
    guard let serve else { return }
    detachThread {
      var number = 0
      while true {
        let accepted = accept(socket, nil, nil)
        guard accepted >= 0 else {
          Glibc.close(socket)
          return
        }
        serve(number, RawConnection(socket: accepted))
        number += 1
      }
    }
  }

  deinit { close() }

  /// Stops listening, so that connections are refused from now on.
  public func close() {
    let again = isClosed.withLock { closed in
      defer { closed = true }
      return closed
    }
    // The accepting thread closes the socket: its number must not be reused while the thread uses it.
    if !again { shutdown(socket, Int32(SHUT_RDWR)) }
  }
}
