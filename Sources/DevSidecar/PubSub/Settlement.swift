/// What has to be written down after messages moved on.
struct Settlement: Hashable, Sendable {
  /// A message in the queue of a component.
  struct Placed: Hashable, Sendable {
    var component: String
    var topic: String
    var message: Message
  }

  /// Numbers of the messages that are done with here.
  var ended: [Int64] = []
  /// Dead letters, where they lie now.
  var moved: [Placed] = []

  var isEmpty: Bool { ended.isEmpty && moved.isEmpty }

  mutating func add(_ other: Settlement) {
    ended += other.ended
    moved += other.moved
  }
}
