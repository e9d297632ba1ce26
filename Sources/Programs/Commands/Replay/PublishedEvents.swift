internal import Synchronization

/// The number of events that the broker has accepted so far, readable while publishing is in progress.
final class PublishedEvents: Sendable {
  private let number = Atomic(0)

  var count: Int { number.load(ordering: .relaxed) }

  func add(_ more: Int) { number.add(more, ordering: .relaxed) }
}
