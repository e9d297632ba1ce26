/// A wire between processes: whoever connects to its port is put through to one of several others, and what is said may come late or
/// never.
///
/// A connection is cut where something was being said, so that whoever asked does not know whether it was done.
public final class FaultyWire: Sendable {
  /// What befalls a piece of what is said.
  public enum Fault: Sendable {
    /// It goes through at once.
    case none
    /// It goes through so many milliseconds later.
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
  ///   - ports: Where a connection may lead; where nobody listens, the next is tried.
  ///   - choice: Draws a number below the one given.
  ///   - fault: Decides what befalls a piece.
  public init(to ports: [UInt16], choice: @escaping @Sendable (Int) -> Int, fault: @escaping @Sendable () -> Fault) {
    listener = RawListener { _, near in
      guard let far = Self.connection(to: ports, first: choice(ports.count)) else { return }
      detachThread { Self.carry(from: near, to: far, fault) }
      detachThread { Self.carry(from: far, to: near, fault) }
    }
  }

  /// A connection to one of the ports, the first that takes one in the order that begins with `first`.
  private static func connection(to ports: [UInt16], first: Int) -> RawConnection? {
    for port in ports[first...] + ports[..<first] {
      if let connection = RawConnection(port: port) { return connection }
    }
    return nil
  }

  /// Carries what one side says to the other, until one of them ends or the wire does.
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
