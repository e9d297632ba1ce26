internal import Synchronization

/// What a connection is doing, for whoever has to find one that may be ended.
final class Standing: Sendable {
  /// What it is doing; the lower, the sooner it is ended where there is no room.
  enum Occupation: UInt8, Comparable {
    /// It waits for a request, or for the rest of a head.
    case idle
    /// A body comes in that takes common room.
    case receiving
    /// An answer goes out.
    case sending
    /// Its request is being worked on, or it brings what a neighbour must not lose: it is never ended.
    case working

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  /// How well its other side is known; the lower, the sooner it is ended where there is no room.
  enum Trust: UInt8, Comparable {
    case stranger
    /// It comes from this machine.
    case local
    /// It has shown that it is a neighbour's: it is never ended.
    case proven

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  let source: Source
  private let doing = Atomic(Occupation.idle.rawValue)
  private let known: Atomic<UInt8>
  private let began: Atomic<UInt64>

  /// The standing of a connection that has just begun.
  init(source: Source, trust: Trust, at now: UInt64) {
    self.source = source
    known = Atomic(trust.rawValue)
    began = Atomic(now)
  }

  /// What it is doing.
  var occupation: Occupation { Occupation(rawValue: doing.load(ordering: .relaxed)) ?? .idle }

  /// How well its other side is known.
  var trust: Trust {
    get { Trust(rawValue: known.load(ordering: .relaxed)) ?? .stranger }
    set { known.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// When it began to do what it does, in nanoseconds.
  var since: UInt64 { began.load(ordering: .relaxed) }

  /// It does something else from now on.
  func turn(to occupation: Occupation, at now: UInt64) {
    began.store(now, ordering: .relaxed)
    doing.store(occupation.rawValue, ordering: .relaxed)
  }
}
