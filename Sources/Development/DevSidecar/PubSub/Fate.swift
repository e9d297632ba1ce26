/// What the app's answer means for one message.
enum Fate: Hashable, Sendable {
  /// It was taken.
  case taken
  /// It comes again, if a policy says so.
  case again
  /// It goes to the dead letter topic, if there is one.
  case dropped
}
