/// Changes to write down after messages moved on.
struct Settlement: Hashable, Sendable {
  /// A message in the queue of a component.
  struct Placed: Hashable, Sendable {
    var component: String
    var topic: String
    var message: Message
  }

  /// Numbers of the finished messages.
  var ended: [Int64] = []
  /// Dead letters in their new places.
  var moved: [Placed] = []

  var isEmpty: Bool { ended.isEmpty && moved.isEmpty }

  mutating func add(_ other: Settlement) {
    ended += other.ended
    moved += other.moved
  }
}
