internal import MasteryCore
internal import MasteryService

/// The wait for the engine to work off what was published: all of it, or all but so many events.
struct WorkedOff: Sendable {
  /// Milliseconds between two questions when all is to be worked off.
  private static let pause = 50
  /// Milliseconds between two questions when more is to be published.
  private static let shortPause = 5
  /// Milliseconds without any change after which it gives up.
  static let patience: Int64 = 60_000

  /// How many of so many published events still wait; nil when nobody can tell.
  let left: @Sendable (_ published: Int) async -> Int?
  let edge: Edge

  /// Waits until nothing is left.
  ///
  /// - Parameter published: The events that were published.
  /// - Throws: `CommandFailure.incomplete` when for a minute nothing changes or nobody can tell.
  func wait(_ published: Int) async throws(CommandFailure) {
    try await wait(published, downTo: 0, pause: Self.pause)
  }

  /// Waits until at most so many events are left; not at all where nobody can tell.
  ///
  /// - Parameters:
  ///   - published: The events that were published.
  ///   - most: The events that may be left.
  /// - Throws: `CommandFailure.incomplete` when for a minute nothing changes.
  func wait(_ published: Int, downTo most: Int) async throws(CommandFailure) {
    guard let left = await left(published), left > most else { return }
    try await wait(published, downTo: most, pause: Self.shortPause)
  }

  private func wait(_ published: Int, downTo most: Int, pause: Int) async throws(CommandFailure) {
    var last: Int?
    var change = edge.now()
    while true {
      let left = await left(published)
      if let left, left <= most { return }
      if let left, left != last { (last, change) = (left, edge.now()) }
      guard edge.now() < change.adding(milliseconds: Self.patience) else {
        let what = last.map { "\($0) events wait" } ?? "neither the sidecar nor the engine tells how far it is"
        throw .incomplete("the engine does not get on: \(what), and for \(Self.patience / 1_000) s nothing has changed")
      }
      await edge.sleep(milliseconds: pause)
    }
  }
}
