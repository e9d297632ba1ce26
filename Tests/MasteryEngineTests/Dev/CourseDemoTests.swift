import HTTPClient
import MasteryService
import Testing
import WireTesting

@testable import Commands

@Suite("The demo of a real course")
struct CourseDemoTests {
  @Test("Every student of the sample is in the demo's table, with real numbers")
  func sample() async throws {
    let ports = try DevPorts(sidecar: reservedPort(), app: reservedPort())
    let pair = try await DevPair(ports, components: nil, data: nil)
    await pair.service.ready()
    let table = try await CourseDemo(pair: pair, runtime: .system).run()
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let door = EngineClient(client: client, address: "http://127.0.0.1:\(pair.service.port)", school: CourseDemo.school)
    let picture = try await StudentPicture(of: CourseDemo.student, asking: door).text
    await #expect(throws: CommandFailure.incomplete("\(door.address)/mastery/query says 404: there is no student nobody")) {
      try await StudentPicture(of: "nobody", asking: door)
    }
    await pair.stop()
    await #expect(throws: CommandFailure.self) { try await StudentPicture(of: CourseDemo.student, asking: door) }
    #expect(picture.hasPrefix("\(CourseDemo.student)   0.") && picture.contains("the coming 7 with their interval"))
    let lines = table.text(limit: .max).split(separator: "\n")
    #expect(lines.count == 420 + 4)
    #expect(lines.last?.contains(" need help: ") == true && lines.dropLast().last?.hasPrefix("420 students: beginner ") == true)
    #expect(lines.contains { $0.hasPrefix(CourseDemo.student) })
    #expect(lines.dropFirst(2).dropLast(2).allSatisfy { $0.contains("_BBB-2013J ") && $0.contains(" 0.") })
  }

  @Test("A free port is found, with or without a preferred one")
  func port() throws {
    let first = try #require(FreePort.choose(0))
    #expect(FreePort.choose(first) != nil)
  }
}
