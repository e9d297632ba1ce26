internal import MasteryCore

/// The stored record of an event that was sent under an idempotency key; it does not name the event or its student, so that nothing of it
/// is left after an erasure.
struct IdempotencyRecord: Sendable, Hashable {
  let timestamp: Timestamp
  /// The digest of what was sent.
  let digest: String
}
