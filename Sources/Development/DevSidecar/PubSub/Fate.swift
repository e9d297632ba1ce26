/// What the app's answer means for one message.
enum Fate: Hashable, Sendable {
  /// It was taken.
  case taken
  /// It comes again, if a policy says so.
  case again
  /// It goes to the dead letter topic, if there is one.
  case dropped
  /// It has been read from Avro, and only a raw subscription could have it: it goes where a foreign message goes that is no JSON object.
  case broken
}
