internal import CSockets
internal import Glibc

/// One connection to this machine that does not block, with at most one request in flight.
final class LoadConnection {
  /// What has become of the connection.
  enum Progress: Equatable {
    /// The answer has not come yet.
    case waiting
    case answered(AnswerFrame)
    /// It has ended, or what came is no answer.
    case ended
  }

  let socket: Int32
  let port: UInt16
  /// The number of the request in flight; nil if there is none.
  private(set) var request: Int?
  /// Whether a byte of the present answer has come.
  var hasBegun: Bool { !received.isEmpty }
  private var unsent: ArraySlice<UInt8> = []
  private var received: [UInt8] = []

  /// Begins to connect; nil if the system refuses.
  init?(port: UInt16) {
    self.port = port
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard socket >= 0 else { return nil }
    var isOn: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let outcome = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard outcome == 0 || errno == EINPROGRESS else {
      close(socket)
      return nil
    }
  }

  deinit { close(socket) }

  /// Sends a request, or what the connection takes of it now.
  func send(_ request: Int, _ bytes: [UInt8]) -> Progress {
    self.request = request
    unsent = bytes[...]
    received.removeAll(keepingCapacity: true)
    return write()
  }

  /// Goes on after something happened on the socket.
  func goOn(_ input: UnsafeMutableRawBufferPointer) -> Progress {
    if case .ended = write() { return .ended }
    let isOpen = receive(input)
    // Bytes that nobody has asked for.
    guard request != nil else { return isOpen && received.isEmpty ? .waiting : .ended }
    switch AnswerFrame.read(received) {
    case .incomplete: return isOpen ? .waiting : .ended
    case .broken: return .ended
    case .whole(var frame):
      request = nil
      received.removeAll(keepingCapacity: true)
      if !isOpen { frame.closes = true }
      return .answered(frame)
    }
  }

  /// Takes in what has come; false once the other side has ended.
  private func receive(_ input: UnsafeMutableRawBufferPointer) -> Bool {
    while true {
      let count = read(socket, input.baseAddress, input.count)
      if count < 0, errno == EAGAIN { return true }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      received.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[..<count]))
    }
  }

  private func write() -> Progress {
    while !unsent.isEmpty {
      let count = unsent.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0, errno == EAGAIN || errno == ENOTCONN { return .waiting }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return .ended }
      unsent = unsent.dropFirst(count)
    }
    return .waiting
  }
}
