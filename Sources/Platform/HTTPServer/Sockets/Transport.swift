internal import CTLS
internal import Glibc

/// How bytes pass over a connected socket: plain, or through TLS.
///
/// `@unchecked Sendable`: a session is used by the thread of its connection alone.
struct Transport: @unchecked Sendable {
  /// The outcome of reading.
  enum Reading {
    case bytes(Int)
    /// Nothing has come; the system reports when something has.
    case later
    /// The other side has closed, or the connection is broken.
    case over
  }

  let socket: Int32
  private let session: OpaquePointer?

  /// A transport over a connected, non-blocking socket; nil if there is no memory for a session.
  init?(socket: Int32, tls: TLSContext?) {
    self.socket = socket
    guard let tls else {
      session = nil
      return
    }
    guard let session = tls.session(on: socket) else { return nil }
    self.session = session
  }

  /// Whether a short read means that nothing more has come.
  var tellsEmptiness: Bool { session == nil }

  /// Reads what has come.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    if let session {
      let count = shim_tls_read(session, buffer.baseAddress, buffer.count)
      return count > 0 ? .bytes(count) : count == 0 ? .later : .over
    }
    while true {
      let count = recv(socket, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .over }
      if errno == EAGAIN || errno == EWOULDBLOCK { return .later }
      if errno != EINTR { return .over }
    }
  }

  /// Writes as much as is accepted now.
  ///
  /// - Returns: Accepted bytes, possibly none; nil if the connection is broken.
  func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard !bytes.isEmpty else { return 0 }
    if let session {
      let count = shim_tls_write(session, bytes.baseAddress, bytes.count)
      return count < 0 ? nil : count
    }
    while true {
      let count = send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return count }
      if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
      if errno != EINTR { return nil }
    }
  }

  /// Signals that nothing more will be written.
  func endWriting() {
    if let session { _ = SSL_shutdown(session) }
    shutdown(socket, Int32(SHUT_WR))
  }

  /// Closes the socket.
  ///
  /// - Parameter isReset: Whether unsent data is dropped, so that a client that does not read holds it no longer.
  func close(isReset: Bool) {
    if let session { SSL_free(session) }
    if isReset {
      var now = linger(l_onoff: 1, l_linger: 0)
      setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }
    Glibc.close(socket)
  }
}
