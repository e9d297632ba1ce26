/// A planned fault: what strikes, when, for how long, and whom.
struct Incident: Sendable, Hashable {
  let fault: Fault
  /// The number of the call that it strikes, or milliseconds since the world began.
  var when: Int
  /// How long it lasts or delays something, in milliseconds.
  var length: Int
  /// A number that decides whom it strikes.
  var target: Int
}
