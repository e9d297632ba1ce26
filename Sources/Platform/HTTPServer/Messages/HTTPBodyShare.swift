/// Whose room a body takes among the bodies in flight.
public enum HTTPBodyShare: Sendable {
  /// Everybody's, which is half of all.
  case common
  /// A neighbour's, such as the sidecar, which finds room whatever others send.
  case neighbour
}
