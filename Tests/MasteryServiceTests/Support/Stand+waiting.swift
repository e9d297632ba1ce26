import MasteryCore
import Simulation
import Testing

@testable import MasteryService

extension Stand {
  /// Everything ever published to `mastery.retry`, in order.
  var waiting: [[UInt8]] { sidecar.published(to: Topic.retry) }

  /// Delivers the last event of `mastery.retry`, each time its wait is over, until it is a dead letter.
  ///
  /// - Returns: The letter's data.
  func giveUp() async throws -> [String: Any] {
    for wait: Int64 in [1_000, 5_000, 30_000, 120_000, 600_000] {
      #expect(sidecar.published(to: Topic.deadLetters).isEmpty)
      clock.step(wait)
      #expect(await deliver(try #require(waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    }
    return try ReadJSON.data(try #require(sidecar.published(to: Topic.deadLetters).last))
  }
}
