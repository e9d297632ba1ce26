import Foundation
import HTTPServer
import MasteryCore
import Synchronization
import Testing
import WireTesting

@testable import MasteryService

extension EndToEnd {
  @Suite("Attacks on the engine's memory and on its connections", .timeLimit(.minutes(60))) struct AttackTests {
    /// An engine beside a sidecar, listening.
    private static func engine(
      _ sidecar: HTTPServer, _ settings: [String: String] = [:]
    ) async throws -> (engine: EngineProcess, port: UInt16) {
      let port = try reservedPort()
      let engine = try EngineProcess(
        ["serve"],
        environment: [
          "ENVIRONMENT": "development", "APP_PORT": "\(port)", "DAPR_HTTP_ENDPOINT": "http://127.0.0.1:\(sidecar.port)",
          "LOG_LEVEL": "error", "RATE_LIMIT_ENABLED": "false",
        ].merging(EngineProcess.measured) { $1 }.merging(settings) { $1 })
      while await onThread({ Self.get(port) }) != 200 { try await Task.sleep(for: .milliseconds(50)) }
      return (engine, port)
    }

    private static func get(_ port: UInt16) -> Int? {
      guard let connection = RawConnection(port: port) else { return nil }
      connection.send("GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return status(connection.receiveAll())
    }

    private static func post(_ port: UInt16, _ path: String, _ body: String) -> String {
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send(
        "POST \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
      return connection.receiveAll()
    }

    private static func status(_ answer: String) -> Int? { answer.split(separator: " ").dropFirst().first.flatMap { Int($0) } }

    /// The peak memory of the process, in KiB.
    private static func peak(of engine: EngineProcess) throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(engine.process.processIdentifier)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }

    @Test(
      "The engine answers probes and deliveries beside 2,600 connections with heads of 150 kB and 4,200 stuck within a head",
      .enabled(if: OpenFiles.allow(8_000), "it takes a limit of 8,000 open files"))
    func crowds() async throws {
      let sidecar = try KeptDocument().application().serve()
      let (engine, port) = try await Self.engine(sidecar)
      let head = "GET / HTTP/1.1\r\nHost: h\r\nX: "
      for (number, beginning) in [
        (2_600, head + String(repeating: "x", count: 150_000)), (4_200, head + String(repeating: "x", count: 16_000)),
      ] {
        let answers = await onThread { () -> [Int?] in
          let crowd = (0..<number).map { _ in
            let connection = RawConnection(port: port)
            connection?.send(beginning)
            return connection
          }
          let answers = (0..<5).flatMap { _ in [Self.get(port), Self.status(Self.post(port, "/events/learning.quiz", "{}"))] }
          return withExtendedLifetime(crowd) { answers }
        }
        #expect(answers.allSatisfy { $0 == 200 }, "\(number): \(answers)")
        let peak = try Self.peak(of: engine)
        #expect(peak < EngineProcess.memoryBound, "\(number): \(peak) KiB")
      }
      #expect(await engine.terminate() == 0, "\(engine.output.suffix(2_000))")
      await sidecar.stop(within: .seconds(5))
    }

    @Test("64 connections that announce a mebibyte, or send all but a byte of it, keep no other body out and do not delay the stop")
    func stalledBodies() async throws {
      let sidecar = try KeptDocument().application().serve()
      let (engine, port) = try await Self.engine(sidecar)
      let head = "POST /process HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n"
      let stalled = await onThread { () -> RawConnection? in
        for sent in [0, (1 << 20) - 1] {
          let crowd = (0..<64).map { _ in
            let connection = RawConnection(port: port)
            connection?.send(head + String(repeating: " ", count: sent))
            return connection
          }
          for _ in 0..<5 {
            #expect(Self.status(Self.post(port, "/events/learning.quiz", "{}")) == 200)
            let answer = Self.post(port, "/mastery/calculate", #"{"components":{"quiz":1}\#(String(repeating: " ", count: 900_000))}"#)
            #expect(Self.status(answer) == 200, "\(answer.prefix(300))")
          }
          _ = crowd
        }
        let last = RawConnection(port: port)
        last?.send(head + "half")
        return last
      }
      let peak = try Self.peak(of: engine)
      #expect(peak < EngineProcess.memoryBound, "\(peak) KiB")
      let began = ContinuousClock.now
      #expect(await engine.terminate() == 0, "\(engine.output.suffix(2_000))")
      // It waits twenty seconds for requests in flight.
      #expect(ContinuousClock.now - began < .seconds(19))
      withExtendedLifetime(stalled) {}
      await sidecar.stop(within: .seconds(5))
    }

    @Test("Ten simultaneous comparisons with a class of 1,500 stay within the engine's memory")
    func comparisons() async throws {
      let documents = KeptDocument()
      let sidecar = try documents.application().serve()
      let secret = "a secret of the tests, long enough for HS256"
      let (engine, port) = try await Self.engine(sidecar, ["JWT_SECRET": secret])
      let events = (0..<360).map { number in
        let day = number / 4
        return #"{"entryId":"\#(number)","event":{"event_id":"e\#(number)","event_type":"quiz","student_id":"student-0000","#
          + #""timestamp":"\#(Self.days[day % Self.days.count])T08:00:0\#(number % 4)Z","data":{"total_questions":10,"correct_answers":\#(number % 11)}}}"#
      }
      let delivered = await onThread { Self.post(port, "/events/learning.quiz", #"{"entries":[\#(events.joined(separator: ","))]}"#) }
      #expect(Self.status(delivered) == 200 && documents.isKept, "\(delivered.prefix(300))")
      let students = (0..<1_500).map { String(format: "student-%04d", $0) }
      let token = try Self.teacher(of: students, secret: secret)
      let body =
        #"{"intent":"cohort_compare","payload":{"student_id":"student-0000","scope":"class"},"security_context":{"token":"\#(token)"}}"#
      let answers = await withTaskGroup(of: String.self) { group in
        for _ in 0..<10 { group.addTask { await onThread { Self.post(port, "/process", body) } } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      for answer in answers { #expect(answer.contains(#""total_students":1500"#), "\(answer.suffix(300))") }
      let peak = try Self.peak(of: engine)
      #expect(peak < EngineProcess.memoryBound / 2, "\(peak) KiB")
      #expect(await engine.terminate() == 0, "\(engine.output.suffix(2_000))")
      await sidecar.stop(within: .seconds(5))
    }

    /// The days before today, so that none is too old to be kept.
    private static let days: [String] = {
      let format = ISO8601DateFormatter()
      format.formatOptions = [.withFullDate]
      return (1...80).map { format.string(from: Date(timeIntervalSinceNow: -86_400 * Double($0))) }
    }()

    private static func teacher(of students: [String], secret: String) throws -> String {
      var configuration = Configuration()
      configuration.jwtSecret = secret
      var order = TokenMint.Order(subject: "t", role: "teacher")
      order.students = try students.map { try #require(StudentID($0)) }
      let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
      return try #require(TokenMint(configuration)?.token(order, now: now))
    }
  }
}

/// A sidecar that keeps one student's document, and returns the same for every student.
private final class KeptDocument: Sendable {
  /// Its text as it appears in a JSON string, cut where the student is named.
  private let text = Mutex<[[UInt8]]?>(nil)

  var isKept: Bool { text.withLock { $0 != nil } }

  func application() -> ScriptedApplication {
    ScriptedApplication(bodyLimit: 64 << 20) { request in
      guard request.head.path.contains("/v1.0/state/") else { return HTTPResponse(status: 204) }
      if request.head.path.hasSuffix("/bulk") { return self.read(request.body) }
      for item in (try? JSONSerialization.jsonObject(with: Data(request.body)) as? [[String: Any]]) ?? [] {
        guard let key = item["key"] as? String, key.contains("student-0000"), let value = item["value"] as? String,
          value.contains("evidence")
        else { continue }
        let escaped = value.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        self.text.withLock { $0 = escaped.components(separatedBy: "student-0000").map { Array($0.utf8) } }
      }
      return HTTPResponse(status: 204)
    }
  }

  private func read(_ body: [UInt8]) -> HTTPResponse {
    let keys = (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])?["keys"] as? [String] ?? []
    let parts = text.withLock { $0 }
    var answer = Array("[".utf8)
    for key in keys {
      if answer.count > 1 { answer.append(UInt8(ascii: ",")) }
      answer += Array(#"{"key":"\#(key)""#.utf8)
      if let parts, key.hasSuffix("current_mastery") {
        let student = key.utf8.dropFirst("student:".utf8.count).prefix("student-0000".utf8.count)
        answer += Array(#","etag":"1","data":""#.utf8)
        for (index, part) in parts.enumerated() {
          if index > 0 { answer.append(contentsOf: student) }
          answer.append(contentsOf: part)
        }
        answer.append(UInt8(ascii: "\""))
      }
      answer.append(UInt8(ascii: "}"))
    }
    answer.append(UInt8(ascii: "]"))
    return HTTPResponse(status: 200, fields: [HTTPField("Content-Type", "application/json")], body: answer)
  }
}
