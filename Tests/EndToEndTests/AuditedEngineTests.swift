import DaprClient
import DevSidecar
import Foundation
import HTTPClient
import MasteryCore
import Testing

@testable import MasteryService

extension EndToEnd {
  @Suite("Accesses on record when the engine ends") struct AuditedEngineTests {
    private static let secret = "a secret of the tests, long enough for HS256"
    private static let students = ["s-0", "s-1", "s-2"]

    @Test("A killed engine has every access in the log; a stopped one also has them in the students' trails")
    func ends() async throws {
      let rig = try await Rig(profile: .redis)
      let events = Self.students.map { student in
        let event =
          #"{"event_id":"e","event_type":"quiz","timestamp":\#(Int(Date().timeIntervalSince1970 * 1_000)),"student_id":"\#(student)","#
          + #""data":{"total_questions":2,"correct_answers":1}}"#
        return OutgoingEvent(body: Array(event.utf8), contentType: "application/json", partitionKey: student)
      }
      let first = try Self.start(rig)
      #expect(try await rig.client.publish(events, to: "learning.quiz", context: CallContext(deadline: 120_000)) == [])
      await rig.sidecar.idle()
      try await Self.ask(rig, "a")
      first.kill()
      let second = try Self.start(rig)
      try await Self.ask(rig, "b")
      #expect(await second.terminate() == 0, "\(second.output)")

      for (engine, name) in [(first, "a"), (second, "b")] {
        let lines = engine.output.split(separator: "\n").filter { $0.contains("mastery.data.access") }
        for number in 0..<60 { #expect(lines.count { $0.contains(#""correlation_id":"\#(name)-\#(number)""#) } == 1) }
      }
      var kept: [String] = []
      for student in Self.students {
        let log = AuditTrail.stored(of: StudentKey(school: nil, student: try #require(StudentID(student))))
        let page = try await SegmentedLogStore(sidecar: rig.client).page(of: log, now: Self.now, context: CallContext(deadline: 120_000))
        kept += page.records.map { String(decoding: $0.json, as: UTF8.self) }
      }
      for number in 0..<60 { #expect(kept.count { $0.contains(#""correlation_id":"b-\#(number)""#) } == 1) }
      await rig.stop()
    }

    private static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

    private static func start(_ rig: Rig) throws -> EngineProcess {
      try EngineProcess(
        ["serve"],
        environment: [
          "ENVIRONMENT": "staging", "JWT_SECRET": secret, "APP_PORT": "\(rig.appPort)", "DAPR_HTTP_ENDPOINT": rig.endpoint,
          "LOG_LEVEL": "error", "LOG_FORMAT": "text",
        ])
    }

    /// Sixty requests, as soon as the engine accepts any.
    private static func ask(_ rig: Rig, _ name: String) async throws {
      var configuration = Configuration()
      configuration.jwtSecret = secret
      let order = TokenMint.Order(subject: "svc", role: "service")
      let token = try #require(TokenMint(configuration)?.token(order, now: now))
      for number in 0..<60 {
        let headers = [
          (name: "Authorization", value: "Bearer \(token)"), (name: "Content-Type", value: "application/json"),
          (name: "X-Correlation-ID", value: "\(name)-\(number)"),
        ]
        let body = Array(#"{"student_id":"\#(students[number % 3])"}"#.utf8)
        let url = "http://127.0.0.1:\(rig.appPort)/mastery/query"
        var status: Int?
        for _ in 0..<1_200 where status == nil {
          status = try? await rig.http.send(HTTPCall("POST", url, headers: headers, body: body, deadline: 120_000)).status
          if status == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(status == 200)
      }
    }
  }
}
