internal import Synchronization

/// What a connection is doing, for finding one that may be ended.
final class Standing: Sendable {
  /// Its activity; the lower, the sooner it is ended if there is no room.
  enum Occupation: UInt8, Comparable {
    /// It waits for a request, or for the rest of a head.
    case idle
    /// A body that takes common room is arriving.
    case receiving
    /// An answer is being sent.
    case sending
    /// Its request is in progress, or it brings a neighbour's data that must not be lost: it is never ended.
    case working

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  /// How well the other side is known; the lower, the sooner it is ended if there is no room.
  enum Trust: UInt8, Comparable {
    case stranger
    /// It comes from this machine.
    case local
    /// It has proved to be a neighbour's: it is never ended.
    case proven

    static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  let source: Source
  private let doing = Atomic(Occupation.idle.rawValue)
  private let known: Atomic<UInt8>
  private let began: Atomic<UInt64>

  /// The standing of a new connection.
  init(source: Source, trust: Trust, at now: UInt64) {
    self.source = source
    known = Atomic(trust.rawValue)
    began = Atomic(now)
  }

  /// What it is doing.
  var occupation: Occupation { Occupation(rawValue: doing.load(ordering: .relaxed)) ?? .idle }

  /// How well the other side is known.
  var trust: Trust {
    get { Trust(rawValue: known.load(ordering: .relaxed)) ?? .stranger }
    set { known.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// When its current activity began, in nanoseconds.
  var since: UInt64 { began.load(ordering: .relaxed) }

  /// Changes its activity.
  func turn(to occupation: Occupation, at now: UInt64) {
    began.store(now, ordering: .relaxed)
    doing.store(occupation.rawValue, ordering: .relaxed)
  }
}
