internal import CSockets
internal import Glibc
internal import Synchronization

/// Hands new connections to the loops in turn.
final class Distributor: Sendable {
  private let dispatcher: RequestDispatcher
  private let loops: [EventLoop]
  private let turn = Atomic(0)

  /// Attempts for a connection without room while others are about to end, and the microseconds between them: two seconds in all, since a
  /// loop may wait that long for a processor, and turning probes away meanwhile is what an attacker wants.
  private static let (tries, pause): (Int, UInt32) = (2_000, 1_000)

  init(dispatcher: RequestDispatcher, loops: [EventLoop]) {
    (self.dispatcher, self.loops) = (dispatcher, loops)
  }

  /// Takes over a connection; it is closed if there are too many.
  func take(_ socket: Int32, from source: Source) {
    for _ in 0..<Self.tries {
      if let standing = dispatcher.table.begin(socket, from: source, at: shim_monotonic()) {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[turn % loops.count].post(.connected(socket, standing))
      }
      guard dispatcher.table.isMakingRoom(for: source) else { break }
      usleep(Self.pause)
    }
    close(socket)
  }
}
