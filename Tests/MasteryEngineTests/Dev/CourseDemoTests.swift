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
    // Two assessments that a tutor marks have been due before the break, and two after it; the computer marks three.
    #expect(picture.contains("\ncourses    BBB  0.") && picture.contains(", in BBB-2013J\nweakest    "))
    #expect(picture.contains(" of 12 exercises completed, ") && picture.contains("; mean of 4 topics: "))
    let lines = table.text(limit: .max).split(separator: "\n")
    #expect(lines.count == 420 + 5 && lines.allSatisfy { $0.count <= 110 })
    let rows = lines.dropFirst(2).dropLast(3)
    #expect(rows.allSatisfy { $0.contains("_BBB-2013J ") && $0.contains(" 0.") && $0.count <= 100 })
    #expect(rows.contains { $0.hasPrefix(CourseDemo.student) })
    // Every student has submitted something, and a submission has a mark of a hundred or three judgements.
    #expect(rows.allSatisfy { $0.contains(#/ [ct]ma/[1-5] [01]\.\d{3}  /#) } && !rows.contains { $0.contains("*") })
    #expect(rows.contains { $0.contains(" tma/") } && rows.contains { $0.contains(" cma/") })
    let summary = Array(lines.suffix(3))
    #expect(summary[0].hasPrefix("420 students: beginner ") && summary[1].contains(" need help: "))
    #expect(summary[2].hasPrefix("weakest most often: ") && summary[2].hasSuffix(" of the 420 students with enough data"))
  }

  @Test("A free port is found, with or without a preferred one")
  func port() throws {
    let first = try #require(FreePort.choose(0))
    #expect(FreePort.choose(first) != nil)
  }
}
