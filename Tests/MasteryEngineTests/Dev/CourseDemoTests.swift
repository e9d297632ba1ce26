import MasteryService
import Testing

@testable import Commands

@Suite("The demo shows a real course")
struct CourseDemoTests {
  @Test("every student of the sample stands in the table, with real numbers")
  func sample() async throws {
    let ports = try DevPorts(sidecar: FreePort.choose(0), app: FreePort.choose(0))
    let pair = try await DevPair(ports, components: nil, data: nil)
    await pair.service.ready()
    let table = try await CourseDemo(pair: pair, edge: .system).run()
    await pair.stop()
    let lines = table.text(limit: .max).split(separator: "\n")
    #expect(lines.count == 420 + 3)
    #expect(lines.last?.hasPrefix("420 students: beginner ") == true)
    #expect(lines.contains { $0.hasPrefix(CourseDemo.student) })
    #expect(lines.dropFirst(2).dropLast().allSatisfy { $0.contains("_BBB-2013J ") && $0.contains(" 0.") })
  }

  @Test("there is a free port")
  func port() throws {
    let first = try #require(FreePort.choose(0))
    #expect(FreePort.choose(first) != nil)
  }
}
