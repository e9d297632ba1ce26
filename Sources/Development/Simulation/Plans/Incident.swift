/// A planned fault: what, when, for how long, to whom.
struct Incident: Sendable, Hashable {
  let fault: Fault
  /// The number of the call that it strikes, or milliseconds since the world began.
  var place: Int
  /// Milliseconds that it lasts, or by which it delays.
  var length: Int
  /// A number that decides whom it strikes.
  var target: Int
}
