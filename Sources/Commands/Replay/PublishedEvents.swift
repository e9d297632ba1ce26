internal import Synchronization

/// How many events the broker has taken so far, for whoever wants to know while they are on their way.
final class PublishedEvents: Sendable {
  private let number = Atomic(0)

  var count: Int { number.load(ordering: .relaxed) }

  func add(_ more: Int) { number.add(more, ordering: .relaxed) }
}
