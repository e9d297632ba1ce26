/// What deliveries have moved: finished messages, and dead letters on their way to another topic.
struct Moves: Sendable {
  /// Dead letters for a topic.
  struct Dead: Sendable {
    /// The consumer group that gave them up.
    var group: Int
    var topic: String
    var messages: [Message]
  }

  /// Numbers of the finished messages.
  var ended: [Int64] = []
  var dead: [Dead] = []
}
