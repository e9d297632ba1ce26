import MasteryCore
import Testing

@testable import MasteryService

@Suite("Events that wait, and clocks that differ")
struct WaitingRoomClockTests {
  private static func deferred(at now: Timestamp) -> DeferredEvent {
    let original = Delivery.Original(bytes: Array("{}".utf8), facts: DeliveryFacts())
    return DeferredEvent(original, topic: "learning.quiz", deferred: 0, reason: "why", student: nil, now: now)
  }

  /// The first wait is one second, by whatever clock.
  @Test("wait by this clock as long as they were to wait by one that is far ahead of it", arguments: [600_001, 31_536_000_000] as [Int64])
  func ahead(_ milliseconds: Int64) {
    let event = Self.deferred(at: Stand.noonTime.adding(milliseconds: milliseconds)).putBack(at: Stand.noonTime)
    #expect(event.notBefore == Stand.noonTime.adding(milliseconds: 1_000) && event.queuedAt == Stand.noonTime)
  }

  @Test("wait no longer when they are put at the end by the same clock")
  func same() {
    let later = Stand.noonTime.adding(milliseconds: 400)
    let event = Self.deferred(at: Stand.noonTime).putBack(at: later)
    #expect(event.notBefore == Stand.noonTime.adding(milliseconds: 1_000) && event.queuedAt == later)
  }

  @Test("wait as they were to wait when the other clock is only a little ahead", arguments: [0, 60_000, 600_000] as [Int64])
  func littleAhead(_ milliseconds: Int64) {
    let event = Self.deferred(at: Stand.noonTime.adding(milliseconds: milliseconds)).putBack(at: Stand.noonTime)
    #expect(event.notBefore == Stand.noonTime.adding(milliseconds: milliseconds + 1_000))
  }
}
