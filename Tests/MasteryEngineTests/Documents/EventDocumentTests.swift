import Foundation
import MasteryCore
import Testing

@testable import MasteryService

@Suite("Events in the documents")
struct EventDocumentTests {
  /// A type of event as the README describes it.
  private struct Row {
    let type: String
    let required: Set<String>
    let optional: Set<String>
  }

  /// A moment after all examples.
  private static let rules = EventRules(now: Timestamp(iso8601: "2026-04-01T00:00:00Z") ?? Timestamp(milliseconds: 0))

  private func rows() throws -> [Row] {
    let table = try #require(try Document("README.md").table("| `event_type` | fields of `data` | score |"))
    return table.map { cells in
      let fields = cells[1].matches(of: /`([^`]+)`(\?)?/)
      return Row(
        type: Document.code(cells[0])[0], required: Set(fields.filter { $0.2 == nil }.map { String($0.1) }),
        optional: Set(fields.filter { $0.2 != nil }.map { String($0.1) }))
    }
  }

  /// The examples by their types.
  private func examples() throws -> [String: [String: Any]] {
    let blocks = try Document("README.md").blocks.filter { $0.language == "json" && $0.section == "Events" }
    try #require(blocks.count == 1)
    var examples: [String: [String: Any]] = [:]
    for line in blocks[0].text.split(separator: "\n") {
      #expect(fault(Data(line.utf8)) == nil, "\(line)")
      let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let type = try #require(event["event_type"] as? String)
      #expect(examples.updateValue(event, forKey: type) == nil, "\(type) has two examples")
    }
    return examples
  }

  private func fault(_ event: Data) -> EventRules.Fault? { event.withUnsafeBytes { Self.rules.fault(of: $0) } }

  /// Why an event without some fields is refused; nil if it is accepted.
  private func fault(_ event: [String: Any], without names: Set<String>) throws -> EventRules.Fault? {
    var event = event
    event["data"] = (event["data"] as? [String: Any])?.filter { !names.contains($0.key) }
    return fault(try JSONSerialization.data(withJSONObject: event))
  }

  @Test("The README has each type of event, with an example that the rules accept")
  func types() throws {
    let types = EventType.allCases.map(\.rawValue)
    #expect(try rows().map(\.type) == types)
    #expect(try examples().keys.sorted() == types.sorted())
  }

  @Test("Each example event has the fields of its row; a required one cannot be missing, and an optional one can")
  func fields() throws {
    let examples = try examples()
    for row in try rows() {
      let example = try #require(examples[row.type])
      let data = try #require(example["data"] as? [String: Any])
      #expect(Set(data.keys) == row.required.union(row.optional), "\(row.type)")
      for name in row.required {
        #expect(try fault(example, without: [name])?.reason == "missing_field", "\(row.type) without \(name)")
      }
      for name in row.optional { #expect(try fault(example, without: [name]) == nil, "\(row.type) without \(name)") }
    }
  }

  @Test("Assessed quality needs one of its optional fields, as the README says")
  func quality() throws {
    let example = try #require(try examples()["quality.assessed"])
    let row = try #require(try rows().first { $0.type == "quality.assessed" })
    for name in row.optional { #expect(try fault(example, without: row.optional.subtracting([name])) == nil) }
    #expect(try fault(example, without: row.optional)?.reason == "missing_field")
  }

  @Test("The README's difficulties are all that exist, and no other is accepted")
  func difficulties() throws {
    let table = try #require(try Document("README.md").table("| `event_type` | fields of `data` | score |"))
    let named = Document.code(table[0][2])
    var example = try #require(try examples()["exercise.completed"])
    var data = try #require(example["data"] as? [String: Any])
    for (name, isTaken) in named.map({ ($0, true) }) + [("expert", false)] {
      data["difficulty"] = name
      example["data"] = data
      #expect((try fault(example, without: []) == nil) == isTaken, "\(name)")
    }
    #expect(named == Difficulty.allCases.map(\.rawValue))
  }

  @Test("The contract's table has every name of every event type")
  func names() throws {
    let table = try #require(try Document("\(Document.articles)/Contract.md").table("| `event_type` | also called | evidence |"))
    var written: [String: String] = [:]
    for cells in table {
      let type = Document.code(cells[0])[0]
      for name in [type] + Document.code(cells[1]) { written[name] = type }
    }
    #expect(Set(written.keys) == Set(EventType.names))
    for (name, type) in written { #expect(EventType.named(name)?.type.rawValue == type) }
  }
}
