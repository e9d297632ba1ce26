internal import HTTPServer
internal import JSON
internal import MasteryCore
internal import Synchronization

/// A delivery that is too large to be collected and is split while it arrives.
///
/// Its memory is bounded whatever the body holds: the incoming entry, and as much of the earlier ones as fits in `DeliveryRoom`.
final class DeliveryStream: HTTPBodyReader {
  /// Maximum bytes of a delivery that is collected and parsed at once.
  static let collectedBytes = 2 << 20
  /// Maximum bytes of an entry that is parsed: an event of 64 KiB with every byte escaped, and its surroundings.
  static let entryLimit = 1 << 20

  private struct State: ~Copyable {
    var splitter = JSONSplitter(
      splitting: "entries", unless: ["event_type", "specversion"], elementLimit: entryLimit, lookingFor: "event")
    var taken: SplitDelivery

    mutating func take(_ piece: [UInt8]) {
      piece.withUnsafeBytes { piece in
        var position = 0
        while let found = splitter.next(in: piece, from: &position) { taken.take(found) }
      }
    }
  }

  private let state: Mutex<State>

  /// Creates a stream for a body that is still to arrive.
  ///
  /// - Parameters:
  ///   - facts: The metadata of a single event, from the request's headers.
  ///   - keepsWhole: Whether an entry that does not fit completely is left out instead of being cut.
  ///   - now: The time.
  init(_ facts: DeliveryMetadata, keepsWhole: Bool, now: Timestamp) {
    state = Mutex(State(taken: SplitDelivery(facts, keepsWhole: keepsWhole, now: now)))
  }

  func take(_ piece: UnsafeRawBufferPointer) {
    // Copied, because a borrowed buffer must not be used behind the lock.
    let piece = Array(piece)
    state.withLock { $0.take(piece) }
  }

  var keptBytes: Int { state.withLock { $0.splitter.heldBytes + $0.taken.keptBytes } }

  /// The delivery, once its body is complete.
  func finish() -> Delivery {
    state.withLock { $0.taken.finish(isBulk: $0.splitter.isSplit, skeleton: $0.splitter.skeleton) }
  }
}
