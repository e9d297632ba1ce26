import DevSidecar
import Foundation
import HTTPServer
import JSON
import MasteryCore
import Testing

@testable import MasteryService

extension EndToEnd {
  @Suite("Two engines share a store") struct TwoEnginesTests {
    @Test(
      "Two engines that fold the same students at the same time lose no update of each other",
      arguments: [DevSidecarSettings.Profile.redis, .postgres])
    func sameStudents(profile: DevSidecarSettings.Profile) async throws {
      var course = try Course.load().shiftedToNow
      course.lines = Array(course.lines.prefix(4_000))
      let rig = try await Rig(profile: profile)
      let now: @Sendable () -> Timestamp = { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
      let engines = [rig.service(now: now), rig.service(now: now)]
      // Each engine gets every other event, many at a time, so that both meet at every student; some go to both.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, engine) in engines.enumerated() {
          let own = course.lines.enumerated().filter { $0.offset % 2 == index || $0.offset % 10 == 0 }.map(\.element)
          for start in stride(from: 0, to: own.count, by: 50) {
            let batch = Array(own[start..<min(start + 50, own.count)])
            group.addTask { try await Self.deliver(batch, to: engine) }
          }
        }
        try await group.waitForAll()
      }
      let documents = try await rig.documents(of: Array(Set(try course.lines.map(Comparison.key))))
      try Comparison.check(course, documents)
      let said = try Said(rig.published)
      said.check(documents)
      #expect(said.deadLetters == 0)
      await rig.stop()
    }

    /// Delivers events to an engine as a broker does: again, until each is acknowledged.
    private static func deliver(_ lines: [Course.Line], to engine: MasteryService) async throws {
      var waiting = Dictionary(uniqueKeysWithValues: lines.enumerated().map { ("\($0.offset)", $0.element) })
      for _ in 0..<100 where !waiting.isEmpty {
        let json = JSONWriter.object { json in
          json.objects("entries", of: waiting.sorted { $0.key < $1.key }) { json, entry in
            json.member("entryId", entry.key)
            json.member("event", raw: entry.value.text.utf8)
          }
        }
        let head = HTTPRequestHead(method: "POST", target: "/events/learning.quiz", fields: [])
        let answer = await engine.answer(HTTPRequest(head: head, body: json))
        try JSONDocument.parse(answer.body) { (root) throws(JSONInvalid) in
          for status in root["statuses"]?.elements ?? root.elements where status["status"]?.string == "SUCCESS" {
            waiting[status["entryId"]?.string ?? ""] = nil
          }
        }
      }
      #expect(waiting.isEmpty)
    }
  }
}
