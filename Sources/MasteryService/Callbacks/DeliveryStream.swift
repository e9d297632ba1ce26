internal import HTTPServer
internal import JSON
internal import MasteryCore
internal import Synchronization

/// A delivery that is too large to be collected, taken apart while it comes in.
///
/// Its memory is bounded whatever the body holds: the entry that is coming in, and of those before it what `DeliveryRoom` has room for.
final class DeliveryStream: HTTPBodyReader {
  /// Most bytes of a delivery that is collected and parsed at once.
  static let collectedBytes = 2 << 20
  /// Most bytes of an entry that is parsed: an event of 64 KiB with every byte escaped, and what stands around it.
  static let entryLimit = 1 << 20

  private struct State: ~Copyable {
    var splitter = JSONSplitter(
      splitting: "entries", unless: ["event_type", "specversion"], elementLimit: entryLimit, lookingFor: "event")
    var taken: SplitDelivery

    mutating func take(_ piece: [UInt8]) {
      piece.withUnsafeBytes { piece in
        var place = 0
        while let found = splitter.next(in: piece, from: &place) { taken.take(found) }
      }
    }
  }

  private let state: Mutex<State>

  /// A stream of a body that is still to come.
  ///
  /// - Parameters:
  ///   - facts: What the request's headers say of a single event.
  ///   - keepsWhole: Whether an entry that has no room whole is left out, rather than kept by its head.
  ///   - now: The time.
  init(_ facts: DeliveryMetadata, keepsWhole: Bool, now: Timestamp) {
    state = Mutex(State(taken: SplitDelivery(facts, keepsWhole: keepsWhole, now: now)))
  }

  func take(_ piece: UnsafeRawBufferPointer) {
    // A copy: what is lent must not get behind the lock.
    let piece = Array(piece)
    state.withLock { $0.take(piece) }
  }

  var keptBytes: Int { state.withLock { $0.splitter.heldBytes + $0.taken.keptBytes } }

  /// The delivery, once its body is whole.
  func finish() -> Delivery {
    state.withLock { $0.taken.finish(isBulk: $0.splitter.isSplit, skeleton: $0.splitter.skeleton) }
  }
}
