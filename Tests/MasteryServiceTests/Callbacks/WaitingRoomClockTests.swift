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
  @Test("wait by this clock as long as they were to wait by one that is ahead of it", arguments: [1, 60_000, 31_536_000_000] as [Int64])
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

  @Test(
    "were put there just now only by a clock that agrees with this one",
    arguments: [(0, true), (1_999, true), (2_000, false), (-2_000, true), (-2_001, false), (-31_536_000_000, false)] as [(Int64, Bool)])
  func recent(_ ago: Int64, _ isRecent: Bool) {
    #expect(Stand.noonTime.adding(milliseconds: -ago).isWithin(2_000, before: Stand.noonTime) == isRecent)
  }
}
