import Glibc

/// Sends the same request over several connections as fast as it is answered, on one thread.
struct LoadGenerator {
  /// The outcome.
  struct Result {
    /// Answers per second.
    let rate: Double
    /// The time under which 99 of 100 answers came, in milliseconds.
    let p99: Double
  }

  private let port: UInt16
  /// The next request of a connection.
  private let request: (_ connection: Int) -> [UInt8]

  /// A generator with the next request of each connection.
  init(port: UInt16, _ request: @escaping (_ connection: Int) -> [UInt8]) {
    self.port = port
    self.request = request
  }

  /// A generator of one request.
  init(port: UInt16, _ method: String, _ target: String, body: String = "") {
    let request = Self.request(method, target, body: body)
    self.init(port: port) { _ in request }
  }

  /// The bytes of a request, anonymous without a token, with one more header if it is given.
  static func request(_ method: String, _ target: String, body: String, token: String? = nil, more: String? = nil) -> [UInt8] {
    let who = (token.map { "\r\nAuthorization: Bearer \($0)" } ?? "") + (more.map { "\r\n" + $0 } ?? "")
    return Array(
      """
      \(method) \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\(who)\r\n\
      Content-Length: \(body.utf8.count)\r\n\r\n\(body)
      """.utf8)
  }

  /// Sends requests for some time; each connection has one request in flight.
  ///
  /// - Parameters:
  ///   - connections: How many there are.
  ///   - milliseconds: How long to send.
  ///   - timed: The connections whose answers are counted and timed; nil for all.
  ///   - isOver: Whether to end before that time.
  /// - Returns: How often and how fast it was answered.
  /// - Throws: `BenchFailure` if a connection ends or an answer is not 200.
  func run(
    connections: Int, milliseconds: Int, timed: Range<Int>? = nil, isOver: () -> Bool = { false }
  ) throws(BenchFailure) -> Result {
    var lines: [LoadLine] = []
    defer { for line in lines { close(line.socket) } }
    for _ in 0..<connections { lines.append(try LoadLine(port: port)) }
    var polled = lines.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
    var took: [Int] = []
    took.reserveCapacity(1 << 20)
    let began = Self.now
    let end = began + milliseconds * 1_000
    for index in lines.indices { try lines[index].send(request(index), at: Self.now) }
    while Self.now < end, !isOver() {
      guard poll(&polled, nfds_t(polled.count), 1_000) > 0 else { throw BenchFailure("no answer came within a second") }
      for index in polled.indices where polled[index].revents != 0 {
        guard try lines[index].receive() else { continue }
        let now = Self.now
        if timed?.contains(index) ?? true { took.append(now - lines[index].sentAt) }
        let next = request(index)
        try lines[index].send(next, at: Self.now)
      }
    }
    let seconds = Double(Self.now - began) / 1e6
    took.sort()
    return Result(rate: Double(took.count) / seconds, p99: took.isEmpty ? 0 : Double(took[took.count * 99 / 100]) / 1_000)
  }

  /// Microseconds of a monotonic clock.
  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
  }
}

/// One connection with one request in flight.
private struct LoadLine {
  let socket: Int32
  private(set) var sentAt = 0
  private var received: [UInt8] = []

  init(port: UInt16) throws(BenchFailure) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
    guard isConnected else { throw BenchFailure("nothing listens on port \(port)") }
  }

  mutating func send(_ request: [UInt8], at now: Int) throws(BenchFailure) {
    received.removeAll(keepingCapacity: true)
    sentAt = now
    var sent = 0
    while sent < request.count {
      let count = request[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
      guard count > 0 else { throw BenchFailure("a connection ended") }
      sent += count
    }
  }

  /// Reads what has come; true once the answer is whole.
  mutating func receive() throws(BenchFailure) -> Bool {
    let had = received.count
    received.append(contentsOf: repeatElement(0, count: 16 << 10))
    let count = received.withUnsafeMutableBytes { read(socket, $0.baseAddress?.advanced(by: had), 16 << 10) }
    guard count > 0 else { throw BenchFailure("a connection ended") }
    received.removeLast((16 << 10) - count)
    guard let length = try length() else { return false }
    return received.count >= length
  }

  /// Bytes of the whole answer; nil while its head is incomplete.
  private func length() throws(BenchFailure) -> Int? {
    guard let head = position(of: "\r\n\r\n") else { return nil }
    guard received.starts(with: "HTTP/1.1 200".utf8) else {
      throw BenchFailure("an answer was not 200: \(String(decoding: received.prefix(40), as: UTF8.self))")
    }
    guard let name = position(of: "\r\nContent-Length: ") else { throw BenchFailure("an answer without length") }
    return received[(name + 18)...].prefix { $0 >= 0x30 }.reduce(0) { $0 * 10 + Int($1 - 0x30) } + head + 4
  }

  private func position(of text: StaticString) -> Int? {
    received.withUnsafeBufferPointer { bytes in
      var position = 0
      while position + text.utf8CodeUnitCount <= bytes.count {
        guard let base = bytes.baseAddress, let found = memchr(base + position, Int32(text.utf8Start[0]), bytes.count - position) else {
          return nil
        }
        position = base.distance(to: found.assumingMemoryBound(to: UInt8.self))
        guard position + text.utf8CodeUnitCount <= bytes.count else { return nil }
        if memcmp(base + position, text.utf8Start, text.utf8CodeUnitCount) == 0 { return position }
        position += 1
      }
      return nil
    }
  }
}
