import JSON
import MasteryCore
import Testing

@testable import MasteryService

@Suite("Descriptions of skills for agents")
struct SkillFileTests {
  /// The descriptions, each with its request and answer.
  private static func files() async throws -> [SkillFile] {
    let sample = await SampleSchool.course()
    return try Skill.all.map { SkillFile(skill: $0, example: try #require(sample.exchanges[$0.declaration.name])) }
  }

  @Test("Each has a folder of its name, front matter with name and description within the limits, and the answer of the service itself")
  func files() async throws {
    let folders = await SkillFolders.all
    #expect(folders.map(\.name) == Skill.all.map(\.folder))
    let sample = await SampleSchool.course()
    for (folder, skill) in zip(folders, Skill.all) {
      let lines = folder.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0] == "---" && lines[1] == "name: \(folder.name)" && lines[3] == "---", "\(folder.name)")
      let front = try #require(lines[2].wholeMatch(of: /description: "([^"]+)"/))
      #expect((20...1_024).contains(front.1.count) && front.1.hasPrefix(skill.summary), "\(folder.name)")
      // No token has less than one byte, so a body under 20,000 bytes may still be measured; most are far under.
      #expect(folder.text.utf8.count < 10_000, "\(folder.name)")
      let exchange = try #require(sample.exchanges[skill.declaration.name])
      let answer = try ReadJSON.object(exchange.answer)["data"]
      let shown = try #require(folder.text.firstMatch(of: /```json\n(.+)\n```/))
      #expect(try ReadJSON.canonical(ReadJSON.object(String(shown.1))) == Self.withoutNulls(try #require(answer)), "\(folder.name)")
      for field in skill.declaration.fields where !Skill.commonOptions.contains(field.name) {
        #expect(folder.text.contains("| `--\(field.name.replacing("_", with: "-"))` |"), "\(folder.name)")
      }
    }
  }

  private static func withoutNulls(_ value: Any) throws -> String {
    func clean(_ value: Any) -> Any? {
      if let object = value as? [String: Any] { return object.compactMapValues(clean) }
      if let list = value as? [Any] { return list.map { clean($0) ?? $0 } }
      return "\(value)" == "<null>" ? nil : value
    }
    return try ReadJSON.canonical(try #require(clean(value)))
  }

  @Test("The call in each description makes the example's request")
  func calls() async throws {
    for file in try await Self.files() {
      let words = file.arguments
      try #require(words.count.isMultiple(of: 2))
      let pairs = stride(from: 0, to: words.count, by: 2).map { (String(words[$0].dropFirst(2)), words[$0 + 1]) }
      let request = try file.skill.request(Dictionary(uniqueKeysWithValues: pairs))
      let example = file.skill.declaration.example.description
      #expect(
        try ReadJSON.canonical(ReadJSON.object(request.fields)) == ReadJSON.canonical(ReadJSON.object(example)), "\(file.skill.name)")
      #expect(file.call.hasPrefix("mastery-engine skill \(file.skill.name)"))
    }
  }

  @Test("A description with many members is cut at the limit, at the end of a word")
  func limit() async throws {
    for file in try await Self.files() {
      #expect(file.description.count <= SkillFile.descriptionLimit)
      #expect(file.description.hasSuffix("."))
    }
  }
}
