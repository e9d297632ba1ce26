internal import MasteryCore
internal import MasteryService

/// The wait until the engine has worked off what was published.
struct WorkedOff: Sendable {
  /// Milliseconds between two questions.
  private static let pause = 50
  /// Milliseconds without any change after which it gives up.
  static let patience: Int64 = 60_000

  /// How many events still wait; nil when nobody can tell.
  let left: @Sendable () async -> Int?
  let edge: Edge

  /// Waits until nothing is left.
  ///
  /// - Throws: `CommandFailure.incomplete` when for a minute nothing changes or nobody can tell.
  func wait() async throws(CommandFailure) {
    var last: Int?
    var change = edge.now()
    while true {
      let left = await left()
      if let left, left <= 0 { return }
      if let left, left != last { (last, change) = (left, edge.now()) }
      guard edge.now() < change.adding(milliseconds: Self.patience) else {
        let what = last.map { "\($0) events wait" } ?? "neither the sidecar nor the engine tells how far it is"
        throw .incomplete("the engine does not get on: \(what), and for \(Self.patience / 1_000) s nothing has changed")
      }
      await edge.sleep(milliseconds: Self.pause)
    }
  }
}
