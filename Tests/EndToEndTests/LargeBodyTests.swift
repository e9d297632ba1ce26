import Foundation
import HTTPServer
import Testing
import WireTesting

extension EndToEnd {
  @Suite("Deliveries of any size finish in bounded memory") struct LargeBodyTests {
    /// A body: its start, its repeated part, the count, and its end.
    private struct Body: Sendable {
      let name: String
      let start: String
      let repeated: String
      let count: Int
      let end: String
      /// The least number of statuses; nil for a single event.
      let statuses: Int?

      var length: Int { start.utf8.count + repeated.utf8.count * count + end.utf8.count }
    }

    /// How many times larger than in the gate: 1 GB and 1,000 × 1 MB if there is time for it.
    private static let scale = ProcessInfo.processInfo.environment["MASTERY_LARGE"] == nil ? 1 : 16
    /// About a mebibyte.
    private static let mebi = String(repeating: "0123456789abcdef", count: 64 << 10)
    private static let bulk = #"{"id":"b","entries":["#

    private static let bodies: [Body] = {
      let ignored = String(mebi.prefix(60_000))
      let event =
        #"{"event_id":"e","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"s","ignored":"\#(ignored)","#
        + #""data":{"total_questions":10,"correct_answers":5}}"#
      return [
        Body(
          name: "numbers instead of entries", start: bulk, repeated: String(repeating: "0,", count: 1 << 19), count: 32, end: "0]}",
          statuses: 10_000),
        Body(
          name: "one entry", start: bulk + #"{"entryId":"a","event":{"pad":""#, repeated: mebi, count: 62 * scale, end: #""}}]}"#,
          statuses: 1),
        Body(
          name: "entries of a megabyte", start: bulk, repeated: #"{"entryId":"a","event":"\#(mebi)","metadata":{}},"#, count: 62 * scale,
          end: #"{"entryId":"b","event":0}]}"#, statuses: 62 * scale + 1),
        Body(
          name: "large fields that are ignored", start: bulk, repeated: #"{"entryId":"a","event":\#(event)},"#, count: 530,
          end: #"{"entryId":"b","event":0}]}"#, statuses: 531),
        Body(
          name: "depth without end", start: bulk, repeated: String(repeating: "[", count: 1 << 20), count: 16, end: "", statuses: 0),
        Body(
          name: "members without end", start: bulk + #"{"event":{"#, repeated: String(repeating: #""a":1,"#, count: 100_000), count: 30,
          end: "", statuses: 0),
        Body(name: "a name without end", start: #"{""#, repeated: mebi, count: 16, end: "", statuses: nil),
        Body(name: "no JSON", start: "", repeated: mebi, count: 16, end: "", statuses: nil),
      ]
    }()

    @Test("Deliveries of each size finish in bounded memory, one at a time and two at a time", .timeLimit(.minutes(60)))
    func bounded() async throws {
      let sidecar = try Self.sidecar().serve()
      let port = try reservedPort()
      let engine = try EngineProcess.serve(on: port, sidecar: "http://127.0.0.1:\(sidecar.port)", environment: EngineProcess.measured)
      while await Self.get(port) == nil { try await Task.sleep(for: .milliseconds(50)) }
      for body in Self.bodies {
        for number in [1, 2] {
          let answers = await withTaskGroup(of: String.self) { group in
            for _ in 0..<number { group.addTask { await onThread { Self.send(body, to: port) } } }
            return await group.reduce(into: []) { $0.append($1) }
          }
          for answer in answers { Self.check(answer, of: body) }
          let peak = try Self.peak(of: engine)
          #expect(peak < EngineProcess.memoryBound, "\(body.name), \(number) at once: \(peak) KiB")
        }
      }
      #expect(await Self.get(port) == 200)
      #expect(await engine.terminate() == 0, "\(engine.output.suffix(2_000))")
      await sidecar.stop(within: .seconds(5))
    }

    private static func check(_ answer: String, of body: Body) {
      #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(body.name): \(answer.prefix(300))")
      let done = answer.components(separatedBy: #""SUCCESS""#).count - 1
      #expect(!answer.contains(#""RETRY""#), "\(body.name)")
      if let statuses = body.statuses { #expect(done >= statuses, "\(body.name)") } else { #expect(done == 1, "\(body.name)") }
    }

    private static func send(_ body: Body, to port: UInt16) -> String {
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send(
        "POST /events/learning.quiz HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.length)\r\n\r\n" + body.start)
      for _ in 0..<body.count where !connection.send(body.repeated) { return "not taken" }
      connection.send(body.end)
      return connection.receiveAll()
    }

    private static func get(_ port: UInt16) async -> Int? {
      await onThread {
        guard let connection = RawConnection(port: port) else { return nil }
        connection.send("GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        return connection.receiveAll().split(separator: " ").dropFirst().first.flatMap { Int($0) }
      }
    }

    /// The peak memory of the process, in KiB.
    private static func peak(of engine: EngineProcess) throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(engine.process.processIdentifier)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }

    /// A sidecar that keeps nothing: no key exists, and every save and publish succeeds.
    private static func sidecar() -> ScriptedApplication {
      ScriptedApplication(bodyLimit: 512 << 20) { request in
        guard request.head.path.contains("/v1.0/state/"), request.head.path.hasSuffix("/bulk") else { return HTTPResponse(status: 204) }
        let read = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
        let keys = read?["keys"] as? [String] ?? []
        let answer = try? JSONSerialization.data(withJSONObject: keys.map { ["key": $0] })
        return HTTPResponse(status: 200, fields: [HTTPField("Content-Type", "application/json")], body: [UInt8](answer ?? Data("[]".utf8)))
      }
    }
  }
}
