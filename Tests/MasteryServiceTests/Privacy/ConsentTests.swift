import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A student's consent")
struct ConsentTests {
  private static let key = "student:s-1:profile:current_mastery"

  private func say(_ stand: Stand, _ granted: Bool, as subject: String = "s-1", role: String = "student") async throws -> HTTPResponse {
    let token = Bearer.header(try Bearer.token(subject, role, at: stand.clock.now.milliseconds))
    return await stand.ask("PUT", "/student/s-1/consent", #"{"granted":\#(granted)}"#, [token])
  }

  private func heard(_ stand: Stand) async throws -> HTTPResponse {
    await stand.ask(
      "GET", "/student/s-1/consent", "", [Bearer.header(try Bearer.token("s-1", "student", at: stand.clock.now.milliseconds))])
  }

  @Test("Consent is the last statement, with its author and time, or nothing if there is none")
  func said() async throws {
    let stand = Stand.production()
    #expect(try await heard(stand).status == 404)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let nothing = try ReadJSON.canonical(try ReadJSON.data(try await heard(stand).body))
    #expect(nothing == #"{"granted":null,"recorded_at":null,"recorded_by":null,"student_id":"s-1"}"#)
    let change = try await say(stand, false)
    let expected = #"{"granted":false,"recorded_at":"2026-03-15T12:00:00Z","recorded_by":"s-1","student_id":"s-1"}"#
    #expect(change.status == 200)
    #expect(try ReadJSON.canonical(try ReadJSON.data(change.body)) == expected)
    #expect(try ReadJSON.canonical(try ReadJSON.data(try await heard(stand).body)) == expected)
    stand.clock.step(60_000)
    _ = try await say(stand, true, as: "a-1", role: "admin")
    let again = try ReadJSON.data(try await heard(stand).body)
    #expect(again["granted"] as? Bool == true && again["recorded_by"] as? String == "a-1")
    // Existing data is not touched by it.
    let document = try stand.document(of: "s-1")
    #expect(document.ledger.revision == 1 && document.days.count == 1)
  }

  @Test("Withdrawn consent lets no event in: each is acknowledged and on record, and none is stored, published or dead")
  func withdrawn() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    _ = try await say(stand, false)
    let standing = try #require(stand.sidecar.stored(Self.key))
    let published = stand.sidecar.published.count
    #expect(
      await stand.deliver([Wrapped.exercise("e-2", completed: 9), Wrapped.exercise("e-3", completed: 3)]) == [
        "0": "SUCCESS", "1": "SUCCESS",
      ])
    #expect(stand.sidecar.stored(Self.key) == standing && stand.sidecar.published.count == published)
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    let events = try await AuditTests.trail(of: "s-1", at: stand).filter { $0["action"] as? String == "event" }
    #expect(events.count == 1 && events.first?["outcome"] as? String == "refused")
    #expect(events.first?["user_id"] as? String == "learning.completion")

    _ = try await say(stand, true)
    #expect(await stand.deliver([Wrapped.exercise("e-2", completed: 9)]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 2)
  }

  @Test("Withdrawn consent lasts until it is given again, even if nothing else is known of the student")
  func lifetime() async throws {
    let stand = Stand.production { $0.retentionDays = 7 }
    #expect(try await say(stand, false).status == 200)
    #expect(stand.sidecar.stored(Self.key)?.secondsToLive == -1)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 0)
    #expect(stand.sidecar.published.isEmpty)
    _ = try await say(stand, true)
    #expect(stand.sidecar.stored(Self.key)?.secondsToLive == 7 * 86_400)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.consent?.granted == true)
  }

  @Test("A change of consent survives concurrent events and loses none of them", arguments: 0..<30)
  func concurrent(_ seed: UInt64) async throws {
    let random = SeededGenerator(seed: seed)
    let sidecar = SimulatedSidecar(store: SimulatedStore(random.once(in: 2) ? .memory : .redis))
    let stands = (0..<2).map { Stand.production(sidecar: sidecar, seed: seed * 2 + $0) { $0.limitsRates = false } }
    sidecar.play { call in
      for _ in 0..<random.draw(0..<4) { await Task.yield() }
      if call.isSave, random.once(in: 6) { return .answerLost(.timedOut) }
      return .done
    }
    let events = (0..<12).map { Wrapped.exercise("e-\($0)", at: "2026-03-\(10 + $0 % 5)T0\($0 % 9):00:00Z") }
    let saysFirst = random.once(in: 2)
    await withTaskGroup(of: Void.self) { group in
      for (index, stand) in stands.enumerated() {
        group.addTask {
          for start in stride(from: index, to: events.count, by: 2) {
            while await stand.deliver([events[start]]) != ["0": "SUCCESS"] {}
          }
        }
      }
      group.addTask {
        for granted in saysFirst ? [false, true] : [true] {
          while (try? await say(stands[0], granted, as: "a", role: "admin"))?.status != 200 {}
        }
      }
    }
    sidecar.recover()
    #expect(try stands[1].document(of: "s-1").ledger.consent?.granted == true)
    // Events that came while it was withdrawn are gone; delivered again they count.
    for event in events { #expect(await stands[0].deliver([event]) == ["0": "SUCCESS"]) }
    #expect(try stands[0].document(of: "s-1").days.count == 5)
  }

  @Test("A change of consent is not confirmed if the store does not accept it", arguments: Outage.allCases)
  func outage(_ outage: Outage) async throws {
    let stand = Stand.production()
    stand.sidecar.always(.failed(outage.failure), where: \.isSave)
    #expect(try await say(stand, false).status == 503)
    stand.sidecar.cannotRead(outage)
    #expect(try await say(stand, false).status == 503)
    stand.sidecar.recover()
    #expect(stand.sidecar.stored(Self.key) == nil)
  }

  @Test(
    "A change of consent must be unambiguous",
    arguments: [
      "{}", #"{"granted":null}"#, #"{"granted":"no"}"#, #"{"granted":false,"student_id":"s-2"}"#, "[]", "x", #"{"granted":true,"a":1}"#,
    ])
  func unclear(_ body: String) async throws {
    let stand = Stand.production()
    let response = await stand.ask("PUT", "/student/s-1/consent", body, [Bearer.header(try Bearer.token("s-1", "student"))])
    #expect(response.status == 400 && stand.sidecar.calls.isEmpty, "\(response.text)")
  }

  @Test("Consent is available by its path and methods, and by nothing else")
  func paths() async throws {
    let stand = Stand.production()
    let token = [Bearer.header(try Bearer.token("s-1", "student"))]
    let wrong = await stand.ask("DELETE", "/student/s-1/consent", "", token)
    #expect(wrong.status == 405 && wrong.header("Allow") == "GET, PUT")
    for path in ["/student/s-1/consent/", "/student//consent", "/student/s-1/s-1/consent", "/student/consent", "/students/s-1/consent"] {
      #expect(await stand.ask("GET", path, "", token).status == 404 || path == "/student/consent", "\(path)")
    }
    #expect(await stand.ask("GET", "/student/s%2D1/consent", "", token).status == 404)
    #expect(await stand.ask("GET", "/student/s%2F1/consent", "", token).status == 400)
    #expect(await stand.ask("GET", "/student/s-1/consent?student_id=s-1", "", token).status == 400)
    #expect(await stand.ask("GET", "/student/s-1/audit?limit=x", "", token).status == 400)
    #expect(await stand.ask("GET", "/student/s-1/audit?limit=0", "", token).status == 400)
    #expect(await stand.ask("GET", "/api/v1/student/s-1/consent", "", token).status == 404)
    let process = #"{"intent":"student_consent_change","payload":{"student_id":"s-1","granted":true}}"#
    #expect(await stand.ask("POST", "/process", process, token).status == 200)
    #expect(await stand.ask("HEAD", "/api/v1/student/s-1/consent", "", token).status == 200)
  }
}
