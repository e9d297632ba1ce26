internal import Synchronization

/// The values of a label that strangers choose: the first few stay what they are, all others are `other`.
public final class FewNames: Sendable {
  private let limit: Int
  private let names = Mutex<Set<String>>([])

  /// Creates a set of names without any.
  public init(atMost limit: Int) { self.limit = limit }

  /// The name itself if it is one of the few, or else `other`.
  public func label(_ name: String) -> String {
    names.withLock { names in
      if names.contains(name) { return name }
      guard names.count < limit else { return "other" }
      names.insert(name)
      return name
    }
  }
}
