/// A wire between processes: a connection to its port is forwarded to one of several others, and data may come late or never.
///
/// A connection is cut while data is passing, so that the caller does not know whether the request took effect.
public final class FaultyWire: Sendable {
  /// What happens to a piece of data.
  public enum Fault: Sendable {
    /// It passes at once.
    case none
    /// It passes that many milliseconds later.
    case late(milliseconds: Int)
    /// The connection ends for both sides, and the piece with it.
    case cut
  }

  private let listener: RawListener

  /// The port to connect to.
  public var port: UInt16 { listener.port }

  /// A wire to some ports.
  ///
  /// - Parameters:
  ///   - ports: Where a connection may lead; if nobody listens there, the next is tried.
  ///   - choice: Draws a number below the given one.
  ///   - fault: Decides what happens to a piece.
  public init(to ports: [UInt16], choice: @escaping @Sendable (Int) -> Int, fault: @escaping @Sendable () -> Fault) {
    listener = RawListener { _, near in
      guard let far = Self.connection(to: ports, first: choice(ports.count)) else { return }
      detachThread { Self.carry(from: near, to: far, fault) }
      detachThread { Self.carry(from: far, to: near, fault) }
    }
  }

  /// A connection to the first of the ports that accepts one, in the order that begins with `first`.
  private static func connection(to ports: [UInt16], first: Int) -> RawConnection? {
    for port in ports[first...] + ports[..<first] {
      if let connection = RawConnection(port: port) { return connection }
    }
    return nil
  }

  /// Carries one side's data to the other, until one of them or the wire ends.
  private static func carry(from: RawConnection, to: RawConnection, _ fault: () -> Fault) {
    carrying: while let piece = from.receiveBytes() {
      switch fault() {
      case .none: break
      case .late(let milliseconds): pause(milliseconds)
      case .cut: break carrying
      }
      guard to.send(piece) else { break }
    }
    from.end()
    to.end()
  }
}
