/// Why a load could not be offered at all.
public enum LoadFailure: Error, Hashable, Sendable {
  /// The system has no epoll instance for it.
  case noEvents
  /// A connection that should have been open beforehand was not taken.
  case noConnection(port: UInt16, opened: Int)
}
