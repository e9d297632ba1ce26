/// What has to be written down after a delivery.
struct Settlement: Hashable, Sendable {
  /// Numbers of the messages that are done with here.
  var ended: [Int64] = []
  /// Dead letters, where they lie now.
  var moved: [Message] = []
  /// The topic that the dead letters lie in.
  var movedTo: String?
}
