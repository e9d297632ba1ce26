internal import MasteryCore

/// A dead letter that was to be replayed, and what became of it.
public struct ReplayedDeadLetter: Sendable {
  /// What became of a letter.
  public enum Fate: Sendable, Hashable {
    /// It would be published; nothing was, since that was not asked for.
    case ready
    /// It cannot be replayed as it is, for that reason.
    case unreplayable(String)
    /// Somebody else replayed it in the meantime.
    case replayedBefore(KeptDeadLetter.Replayed)
    /// It is not kept any more: its student was erased, or later letters have pushed it out.
    case gone
    /// The broker or the store did not answer, for that reason; it may be replayed again.
    case unpublished(String)
    /// It is published, and nothing more is known yet.
    case unknown
    /// It is published, and waits for that reason.
    case deferred(String)
    /// All that it says is in the student's document.
    case folded
    /// It is published, and is a dead letter again for that reason.
    case refused(String)
    /// The student has been erased since it happened, or withdrew consent: it is left out.
    case forgotten

    /// The name of a fate.
    enum Name: String, CaseIterable {
      case ready, unreplayable
      case replayedBefore = "replayed_before"
      case gone, unpublished, unknown, deferred, folded, refused, forgotten
    }

    /// The fate without its details.
    var name: Name {
      switch self {
      case .ready: .ready
      case .unreplayable: .unreplayable
      case .replayedBefore: .replayedBefore
      case .gone: .gone
      case .unpublished: .unpublished
      case .unknown: .unknown
      case .deferred: .deferred
      case .folded: .folded
      case .refused: .refused
      case .forgotten: .forgotten
      }
    }

    /// The fate in one word.
    public var word: String { name.rawValue }

    /// The details; nil if there are none.
    public var reason: String? {
      switch self {
      case .unreplayable(let why), .unpublished(let why), .deferred(let why), .refused(let why): why
      case .replayedBefore(let replayed): "by \(replayed.by) at \(replayed.at.iso8601)"
      case .ready, .gone, .unknown, .folded, .forgotten: nil
      }
    }

    /// Whether it is published, but its end is not known.
    public var isOpen: Bool {
      switch self {
      case .unknown, .deferred: true
      default: false
      }
    }
  }

  /// The letter.
  public let letter: KeptDeadLetter
  /// What became of it.
  public internal(set) var fate: Fate
  /// Whether the store knows that it is replayed; if not, the next replay publishes it again, which changes nothing.
  public internal(set) var isMarked = false
  /// The event that was published; nil if it is not known, as when it was repaired by an earlier replay.
  var event: Event?
  /// A letter of the same event that failed after this moment tells that the event failed again.
  let failsAfter: Timestamp
}
