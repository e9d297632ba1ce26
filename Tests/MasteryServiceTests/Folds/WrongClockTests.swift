import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A replica whose clock is wrong")
struct WrongClockTests {
  private static let year: Int64 = 365 * 86_400_000
  /// The event's own day, 10 March 2026.
  private static let eventDay = 20_522

  @Test("A wrong clock cuts off no day that the event's own time would keep, if the delivery has no time")
  func cutoff() async throws {
    let stand = Stand(at: Stand.noon + Self.year)
    #expect(await stand.deliver(Array(Wrapped.exercise("e-1").utf8)) == ["": "SUCCESS"])
    let document = try stand.document(of: "s-1")
    #expect(document.evidence.cutoff.number == Self.eventDay + 1 - 90)
    #expect(document.days.count == 1)
  }

  /// How far the clock is ahead, and the document's date; both from `Stand.noon` on, a minute after the delivery was made.
  private static let dates: [(Int64, Int64)] = [(0, 0), (3_600_000, 3_600_000), (year, 86_340_000), (-year, -60_000)]

  @Test("A wrong clock dates a new document to within a day of the delivery", arguments: dates)
  func epoch(_ ahead: Int64, _ expected: Int64) async throws {
    let stand = Stand(at: Stand.noon + ahead)
    // Old enough that a clock a year behind does not take it for the future.
    #expect(await stand.deliver([Wrapped.exercise("e-1", at: "2025-03-14T00:00:00Z")]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.epoch == (Stand.noon + expected) / 1_000)
  }
}
