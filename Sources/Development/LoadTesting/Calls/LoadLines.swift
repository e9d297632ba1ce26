internal import CSockets
internal import Glibc

/// The connections of a load, by port, watched on one epoll instance.
final class LoadLines {
  /// What happened to a request.
  enum Happening {
    case answered(Int, AnswerFrame)
    /// Its connection has ended; `wasTaken` says whether a byte of an answer had come.
    case ended(Int, wasTaken: Bool)
  }

  private let limit: Int
  private let epoll: Int32
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  private var connections: [Int32: LoadConnection] = [:]
  /// Sockets without a request in flight, by port; the one that has been idle longest is used next.
  private var idle: [UInt16: [Int32]] = [:]
  /// The sockets of requests in flight.
  private var busy: [Int: Int32] = [:]
  private var happenings = [shim_epoll_happening](repeating: shim_epoll_happening(), count: 128)

  init(limit: Int) throws(LoadFailure) {
    self.limit = limit
    epoll = shim_epoll_create()
    guard epoll >= 0 else { throw .noEvents }
  }

  deinit {
    close(epoll)
    input.deallocate()
  }

  /// Whether one more connection may be opened.
  var hasRoom: Bool { connections.count < limit }

  /// How many requests could be sent now.
  var free: Int { limit - connections.count + idle.values.reduce(0) { $0 + $1.count } }

  func hasIdle(_ port: UInt16) -> Bool { !(idle[port]?.isEmpty ?? true) }

  /// Opens connections beforehand.
  func open(_ count: Int, to port: UInt16) throws(LoadFailure) {
    for number in 0..<count {
      guard let connection = LoadConnection(port: port), shim_epoll_watch(epoll, connection.socket) == 0 else {
        throw .noConnection(port: port, opened: number)
      }
      connections[connection.socket] = connection
      idle[port, default: []].append(connection.socket)
    }
  }

  /// Sends a request over a connection that is idle, or a new one.
  ///
  /// - Returns: Whether it is on its way; if not, nobody has taken it.
  func send(_ index: Int, _ bytes: [UInt8], to port: UInt16) -> Bool {
    while let socket = takeIdle(port), let connection = connections[socket] {
      if connection.send(index, bytes) == .waiting {
        busy[index] = socket
        return true
      }
      drop(connection)
    }
    guard let connection = LoadConnection(port: port), shim_epoll_watch(epoll, connection.socket) == 0 else { return false }
    guard connection.send(index, bytes) == .waiting else { return false }
    connections[connection.socket] = connection
    busy[index] = connection.socket
    return true
  }

  /// Closes the connection of a request that is not waited for any more.
  func abandon(_ index: Int) {
    if let socket = busy[index], let connection = connections[socket] { drop(connection) }
  }

  /// Waits until something happens, for so many milliseconds at most.
  func wait(milliseconds: Int) -> [Happening] {
    let count = Int(shim_epoll_wait(epoll, &happenings, Int32(happenings.count), Int32(milliseconds)))
    var found: [Happening] = []
    for number in 0..<count {
      guard let connection = connections[happenings[number].file] else { continue }
      let request = connection.request
      switch connection.goOn(input) {
      case .waiting: continue
      case .answered(let frame):
        if let request {
          busy[request] = nil
          found.append(.answered(request, frame))
        }
        if frame.closes { drop(connection) } else { idle[connection.port, default: []].append(connection.socket) }
      case .ended:
        // Before a byte of the answer, a kept connection was closed for its age, and a new one was not taken.
        if let request { found.append(.ended(request, wasTaken: connection.hasBegun)) }
        drop(connection)
      }
    }
    return found
  }

  private func takeIdle(_ port: UInt16) -> Int32? {
    guard let first = idle[port]?.first else { return nil }
    idle[port]?.removeFirst()
    return first
  }

  private func drop(_ connection: LoadConnection) {
    if let request = connection.request { busy[request] = nil }
    idle[connection.port]?.removeAll { $0 == connection.socket }
    connections[connection.socket] = nil
  }
}
