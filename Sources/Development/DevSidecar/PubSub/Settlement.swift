/// Changes to write down after messages moved on.
struct Settlement: Hashable, Sendable {
  /// A component's own copy of a message in a topic.
  struct Copy: Hashable, Sendable {
    var component: String
    var topic: String
    var message: Message
  }

  /// Numbers of the finished messages.
  var ended: [Int64] = []
  /// Dead letters in their new topics.
  var moved: [Copy] = []

  var isEmpty: Bool { ended.isEmpty && moved.isEmpty }

  mutating func add(_ other: Settlement) {
    ended += other.ended
    moved += other.moved
  }
}
