import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A replica whose clock is wrong")
struct WrongClockTests {
  private static let year: Int64 = 365 * 86_400_000
  /// The event's own day, 10 March 2026.
  private static let eventDay = 20_522

  @Test("cuts no day off that the event's own time would keep, where the delivery names none")
  func cut() async throws {
    let stand = Stand(at: Stand.noon + Self.year)
    #expect(await stand.deliver(Array(Wrapped.exercise("e-1").utf8)) == ["": "SUCCESS"])
    let evidence = try stand.document(of: "s-1").evidence
    #expect(evidence.cut.number == Self.eventDay + 1 - 90)
    #expect(evidence.days.count == 1)
  }
}
