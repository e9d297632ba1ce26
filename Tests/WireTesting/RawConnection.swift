internal import Glibc
internal import Synchronization

/// A TCP connection that sends exactly what a test wants; its calls block, so they belong on `onThread`.
public final class RawConnection: Sendable {
  private let socket: Int32
  private let isClosed = Mutex(false)

  /// Takes over a connected socket; a wait of more than two minutes counts as its end.
  init(socket: Int32) {
    self.socket = socket
    var limit = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Connects to a port of this machine, over IPv6 if requested; nil if nobody listens there.
  public convenience init?(port: UInt16, isVersion6: Bool = false) {
    if isVersion6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      inet_pton(AF_INET6, "::1", &address.sin6_addr)
      self.init(to: address, family: AF_INET6)
    } else {
      self.init(to: sockaddr_in.loopback(port: port), family: AF_INET)
    }
  }

  private convenience init?<Address>(to address: Address, family: Int32) {
    let socket = Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0)
    let connected = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<Address>.size)) }
    }
    guard connected == 0 else {
      Glibc.close(socket)
      return nil
    }
    self.init(socket: socket)
  }

  deinit { close() }

  /// Sends text as far as the other side accepts it; false once it does not any more.
  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends bytes as far as the other side accepts them; false once it does not any more.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var left = bytes[...]
    while !left.isEmpty {
      let sent = left.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return false }
      left = left.dropFirst(sent)
    }
    return true
  }

  /// The next input, at least one byte; nil at the end.
  public func receive() -> String? { receiveBytes().map { String(decoding: $0, as: UTF8.self) } }

  func receiveBytes() -> [UInt8]? { receive(atMost: 1 << 16) }

  /// The next input, at least one byte and at most that many; nil at the end.
  public func receive(atMost limit: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = recv(socket, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  /// Shuts down both directions, even for waiting readers; the connection stays to be closed.
  func end() { _ = shutdown(socket, Int32(SHUT_RDWR)) }

  /// Receives until the text has been found that many times, or to the end.
  public func receive(until mark: String, times: Int = 1) -> String {
    var text = ""
    while occurrences(of: mark, in: text) < times, let more = receive() { text += more }
    return text
  }

  /// Everything up to the end of the connection.
  public func receiveAll() -> String {
    var text = ""
    while let more = receive() { text += more }
    return text
  }

  /// Whether the other side has ended the connection, waiting up to that many milliseconds.
  public func isEnded(within milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return false }
    var byte: UInt8 = 0
    return recv(socket, &byte, 1, Int32(MSG_PEEK)) <= 0
  }

  /// Waits, in milliseconds.
  public func rest(_ milliseconds: UInt32) { usleep(milliseconds * 1_000) }

  /// Closes the connection.
  public func close() {
    let again = isClosed.withLock { closed in
      defer { closed = true }
      return closed
    }
    if !again { Glibc.close(socket) }
  }
}

/// How often a text holds another.
private func occurrences(of mark: String, in text: String) -> Int {
  let mark = Array(mark.utf8)
  let bytes = Array(text.utf8)
  guard bytes.count >= mark.count else { return 0 }
  return (0...(bytes.count - mark.count)).count { bytes[$0...].starts(with: mark) }
}

extension sockaddr_in {
  static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
