import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Access records when the service stops")
struct StoppingTrailTests {
  private func stand(_ count: Int) async throws -> Stand {
    let stand = Stand.production()
    _ = await stand.deliver((0..<count).map { Wrapped.exercise("e-\($0)", of: "s-\($0)") })
    for number in 0..<count { stand.service.audit.record(try AuditTests.record("r-\(number)", of: "s-\(number)")) }
    return stand
  }

  @Test("A stop takes no longer than its limit and one call of the store, however many students' records wait for a store that hangs")
  func hanging() async throws {
    let stand = try await stand(200)
    let clock = stand.clock
    stand.sidecar.play { _ in
      clock.step(1_500)
      return .failed(.timedOut)
    }
    let began = clock.now.milliseconds
    #expect(await stand.service.audit.drain(within: 5_000) == 200)
    #expect(clock.now.milliseconds - began <= 6_500)
  }

  @Test("A stop ends at its limit even if the store refuses each student's records slowly by itself")
  func slow() async throws {
    let stand = try await stand(200)
    let clock = stand.clock
    stand.sidecar.play { call in
      guard case .save = call else { return .done }
      clock.step(1_000)
      return .failed(.failed(status: 500, code: "ERR", message: "slow"))
    }
    let began = clock.now.milliseconds
    #expect(await stand.service.audit.drain(within: 5_000) == 200)
    #expect(clock.now.milliseconds - began <= 6_050)
  }

  @Test("Access records of many students are written in the end if the store never answers for more than a few at once")
  func few() async throws {
    let stand = try await stand(100)
    stand.sidecar.always(.failed(.timedOut)) { call in
      if case .save(let items) = call { items.count > 7 } else { false }
    }
    #expect(await stand.service.audit.drain(within: 60_000) == 0)
    for number in [0, 99] { #expect(try await AuditTests.stored(of: Stand.key("s-\(number)"), at: stand).count == 1) }
  }
}
