import Foundation
import Testing

@Suite("The rules by which a sidecar takes JSON for Avro")
struct AvroRuleTests {
  struct Publish: Decodable, Sendable, CustomTestStringConvertible {
    struct Message: Decodable, Sendable {
      var body: String?
      var status: Int?
    }

    var `case`: String
    var request: Message
    var response: Message

    var testDescription: String { `case` }

    /// The recorded publishes of one event to a topic with the schema below, by a sidecar that takes plain unions.
    static let all: [Publish] = {
      let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let text = try? String(contentsOf: tests.appending(path: "DaprClientTests/Recordings/avro-publish.jsonl"), encoding: .utf8)
      let lines = (text ?? "").split(separator: "\n").compactMap { try? JSONDecoder().decode(Publish.self, from: Data($0.utf8)) }
      return lines.filter { $0.case.hasPrefix("avro-publish/std/") }
    }()
  }

  /// The recorded topic's schema, as the recorded answers show it.
  private static let schema = """
    {"type":"record","name":"Out","fields":[{"name":"event_id","type":"string"},{"name":"n","type":"int"},
     {"name":"l","type":"long","default":0},{"name":"d","type":"double","default":0},{"name":"by","type":"bytes","default":""},
     {"name":"e","type":{"type":"enum","name":"Lev","symbols":["low","high"]},"default":"low"},
     {"name":"u","type":["null","string"],"default":null},
     {"name":"u2","type":["null",{"type":"record","name":"In","fields":[{"name":"x","type":"int"}]},"double"],"default":null},
     {"name":"df","type":"string","default":"d"},{"name":"a","type":{"type":"array","items":"string"},"default":[]},
     {"name":"ts","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null},
     {"name":"id","type":["null",{"type":"string","logicalType":"uuid"}],"default":null}]}
    """

  @Test("The rules take and refuse what a real sidecar took and refused", arguments: Publish.all)
  func recorded(_ publish: Publish) throws {
    let refusal = try AvroRules(schema: Self.schema).refusal(of: Array((publish.request.body ?? "").utf8))
    #expect((refusal == nil) == (publish.response.status == 204), "\(refusal ?? "taken")")
  }

  @Test("There are 36 recorded publishes to hold the rules against")
  func coverage() {
    #expect(Publish.all.count == 36 && Publish.all.count { $0.response.status == 204 } == 16)
  }
}
