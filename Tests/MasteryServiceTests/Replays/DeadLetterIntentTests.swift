import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Dead letters over the API")
struct DeadLetterIntentTests {
  private func admin(_ stand: Stand, _ school: String? = "north") throws -> HTTPField {
    Bearer.header(try Bearer.token("root", "admin", school: school, at: stand.clock.now.milliseconds))
  }

  /// Letters of two schools, of none and of nobody.
  private func stand() async -> Stand {
    let stand = Stand.production { $0.limitsRates = false }
    await stand.bury([Faulty.exercise("e-1", school: "north"), Faulty.exercise("e-2", of: "s-2", school: "north")])
    await stand.bury([
      Faulty.exercise("e-3", school: "south"), Faulty.exercise("e-4"),
      Faulty.exercise("e-5").replacing(#""student_id":"s-1""#, with: #""student_id":"s 1""#),
    ])
    return stand
  }

  private func data(_ response: HTTPResponse) throws -> [String: Any] {
    #expect(response.status == 200, "\(response.text)")
    return try ReadJSON.data(response.body)
  }

  private func letters(_ data: [String: Any]) throws -> [[String: Any]] { try #require(data["letters"] as? [[String: Any]]) }

  private func accessed(_ stand: Stand, _ action: String) -> [String] {
    stand.lines.all.filter { $0.contains("mastery.data.access") && $0.contains(#""action":"\#(action)""#) }
      .compactMap { $0.firstMatch(of: /"student_id":"([^"]+)"/).map { String($0.1) } }
  }

  @Test("An admin sees the letters of the own school by cause and singly, in pages, and each student shown is on record")
  func list() async throws {
    let stand = await stand()
    let first = try data(await stand.ask("GET", "/dead-letters?limit=1", "", [try admin(stand)]))
    #expect(first["total"] as? Int == 2 && first["is_complete"] as? Bool == true)
    let causes = try #require(first["causes"] as? [[String: Any]])
    #expect(causes.map { $0["letters"] as? Int } == [2] && causes[0]["error_type"] as? String == "validation_error")
    #expect(try letters(first).map { $0["event_id"] as? String } == ["e-2"])
    #expect(accessed(stand, "dead_letters") == ["s-2"])
    let second = try data(await stand.ask("GET", "/dead-letters?limit=1&offset=1", "", [try admin(stand)]))
    #expect(try letters(second).map { $0["event_id"] as? String } == ["e-1"])
    let cause = try #require(causes[0]["cause"] as? String)
    let chosen = try data(await stand.ask("GET", "/dead-letters?cause=\(cause)&student_id=s-1", "", [try admin(stand)]))
    #expect(try letters(chosen).map { $0["event_id"] as? String } == ["e-1"])
    let later = try data(await stand.ask("GET", "/dead-letters?from=2026-03-15T12:00:01Z", "", [try admin(stand)]))
    #expect(later["total"] as? Int == 0)
  }

  @Test("A school neither sees nor replays the letters of another, of none or of nobody")
  func schools() async throws {
    let stand = await stand()
    let own: [(school: String?, events: Set<String>)] = [("north", ["e-1", "e-2"]), ("south", ["e-3"]), (nil, ["e-4"]), ("west", [])]
    for (school, events) in own {
      let token = try admin(stand, school)
      let found = try letters(try data(await stand.ask("GET", "/dead-letters", "", [token])))
      #expect(Set(found.compactMap { $0["event_id"] as? String }) == events)
      for event in ["e-1", "e-2", "e-3", "e-4", "e-5"] {
        #expect(await stand.ask("GET", "/dead-letters/\(event)", "", [token]).status == (events.contains(event) ? 200 : 404))
      }
      let all = #"{"event_ids":["e-1","e-2","e-3","e-4","e-5"],"dry_run":true}"#
      let replayed = try data(await stand.ask("POST", "/dead-letters/replay", all, [token]))
      #expect(Set(try letters(replayed).compactMap { $0["event_id"] as? String }) == events)
      #expect((replayed["not_kept"] as? [String])?.count == 5 - events.count)
    }
    #expect(stand.sidecar.published(to: Topic.retry).isEmpty)
  }

  @Test("An admin repairs an event as it is shown and replays it once, and it is on record by whom")
  func replay() async throws {
    let stand = await stand()
    let token = try admin(stand)
    let shown = try letters(try data(await stand.ask("GET", "/dead-letters/e-1", "", [token])))
    var content = try #require(shown[0]["content"] as? [String: Any])
    var event = try #require(content["event"] as? [String: Any])
    event["data"] = ["total_exercises": 10, "completed_exercises": 8]
    content["event"] = event
    #expect(shown[0]["outcome"] == nil)
    let body = try JSONSerialization.data(withJSONObject: ["repaired": [content], "wait_seconds": 1])
    let first = try letters(try data(await stand.ask("POST", "/dead-letters/replay", bytes: Array(body), [token])))
    #expect(first.map { $0["fate"] as? String } == ["unknown"] && first[0]["is_marked"] as? Bool == true)
    #expect(accessed(stand, "dead_letter_replay") == ["s-1"] && accessed(stand, "dead_letter") == ["s-1"])
    await stand.retry()
    #expect(try stand.document(of: "s-1", school: "north").evidence.topics.first?.days.first?.latest.completion?.event.text == "e-1")
    // A client whose request timed out repeats it.
    let second = try data(await stand.ask("POST", "/dead-letters/replay", bytes: Array(body), [token]))
    #expect(try letters(second).isEmpty && second["not_kept"] as? [String] == ["e-1"])
    #expect(stand.sidecar.published(to: Topic.retry).count == 1)
    let after = try letters(try data(await stand.ask("GET", "/dead-letters/e-1", "", [token])))
    #expect(after[0]["replayed_by"] as? String == "root" && (after[0]["outcome"] as? [String: Any])?["fate"] as? String == "folded")
  }

  @Test(
    "A request to replay names what is meant, and a wrong one is refused by its field",
    arguments: [
      ("{}", "event_ids is required where neither repaired, cause nor student_id is given"),
      (#"{"event_ids":[]}"#, "event_ids must be a list of 1 to 100 elements"),
      (#"{"event_ids":["a b"]}"#, "event_ids[0] must be 1 to 128 visible ASCII characters"),
      (#"{"repaired":[7]}"#, "repaired[0].event must be an object, got 7"),
      (#"{"repaired":[{}]}"#, "repaired[0].event_id must be the id of a dead letter"),
      (#"{"cause":"x","wait_seconds":11}"#, "wait_seconds must be a whole number from 0 to 10"),
      (#"{"event_ids":[\#(Array(repeating: "1", count: 101).joined(separator: ","))]}"#, "event_ids must be a list of 1 to 100 elements"),
    ])
  func refused(body: String, why: String) async throws {
    let stand = await stand()
    let response = await stand.ask("POST", "/dead-letters/replay", body, [try admin(stand)])
    #expect(response.status == 400 && response.text.contains(why), "\(response.text)")
    #expect(stand.sidecar.published(to: Topic.retry).isEmpty)
  }

  @Test("While the store does not answer, letters are neither said to be there nor not", arguments: Outage.allCases)
  func outage(_ outage: Outage) async throws {
    let stand = await stand()
    stand.sidecar.cannotRead(outage)
    for (method, path, body) in [
      ("GET", "/dead-letters", ""), ("GET", "/dead-letters/e-1", ""), ("POST", "/dead-letters/replay", #"{"event_ids":["e-1"]}"#),
    ] {
      #expect(await stand.ask(method, path, body, [try admin(stand)]).status == 503)
    }
  }
}
