import Foundation
import MasteryService
import Testing
import WireTesting

@testable import Commands

@Suite("The command that shows Avro schemas")
struct SchemaCommandTests {
  private static func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (
    said: String, errors: String, status: Int32
  ) {
    let process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = ["schema"] + arguments
    process.environment = environment
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complained = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (said, complained, process.terminationStatus)
  }

  @Test("It shows one schema by the record's name or the event's type, and writes all of them to a folder")
  func schemas() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "schemas-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    // A second time over the first.
    for _ in 0..<2 { #expect(try Self.run(["--all", folder.path]).status == 0) }
    let expected = try EventSchema.all(Configuration())
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == expected.map { "\($0.name).avsc" }.sorted())
    for schema in expected {
      let text = String(decoding: schema.json, as: UTF8.self) + "\n"
      #expect(try String(contentsOf: folder.appending(path: "\(schema.name).avsc"), encoding: .utf8) == text)
      #expect(try Self.run([schema.name]).said == text && Self.run([schema.type]).said == text)
    }
  }

  @Test("Without a name it lists records, events and subjects, an event that comes in with a topic of EVENT_TOPICS")
  func list() throws {
    let lines = try Self.run([], ["EVENT_TOPICS": "learning.quiz,all"]).said.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.count == 12)
    #expect(lines.contains("QuizCompleted in quiz.completed learning.quiz-value"))
    #expect(lines.contains("ExerciseCompleted in exercise.completed learning.quiz-value"))
    #expect(lines.contains("MasteryUpdatedCloudEvent out mastery.updated mastery.results-value"))
  }

  @Test("An unknown name, one beside --all, and a folder that cannot be written are complained about")
  func wrong() throws {
    let unknown = try Self.run(["Nothing"])
    #expect(unknown.status == 64 && unknown.said.isEmpty && unknown.errors.contains("QuizCompleted"))
    #expect(try Self.run(["QuizCompleted", "--all", "/tmp"]).status == 64)
    #expect(try Self.run(["a", "b"]).status == 64)
    let unwritten = try Self.run(["--all", "/dev/null/schemas"])
    #expect(unwritten.status == 74 && unwritten.errors.contains("/dev/null/schemas"))
    #expect(try Self.run([], ["AVRO_TOPICS": "nothing"]).status == 78)
  }
}
