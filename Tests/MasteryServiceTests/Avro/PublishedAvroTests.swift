import DaprClient
import Foundation
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Published events in Avro")
struct PublishedAvroTests {
  private static let schemas = Result { try EventSchema.all(Configuration()) }

  private static func schema(_ type: String) throws -> EventSchema {
    try #require(try schemas.get().first { $0.type == type && !$0.isIncoming })
  }

  private static func rules(_ type: String) throws -> AvroRules {
    try AvroRules(schema: String(decoding: schema(type).json, as: UTF8.self))
  }

  /// Texts that need escapes, or could break what reads them.
  private static let texts = ["", "a", "\"\\/\n\u{1}", "l\u{e9} \u{1F393} \u{2028}", #"\ud800"#, "null", "{}", "\u{FFFD}"]

  private static func trace(_ random: SeededGenerator) throws -> EventTrace {
    var trace = EventTrace()
    let text =
      random.once(in: 2)
      ? "{}"
      : #"{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","tracestate":"a=b","baggage":"c=d"}"#
    try JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in trace.read(root) }
    return trace
  }

  /// The events of a seed, by type: the result of a random document, and what else the engine may say of it.
  static func events(_ seed: UInt64) throws -> [(type: String, body: [UInt8])] {
    let random = SeededGenerator(seed: seed)
    let document = try StudentDocumentTests.document(random)
    let trace = try trace(random)
    let key = StudentKey(school: document.school, student: document.student)
    let update = MasteryUpdate(of: document)
    func level() -> LevelScore { LevelScore(level: Level.allCases[random.draw(0..<5)], score: Double(random.draw(0..<1001)) / 1_000) }
    func announced(_ kind: Announcement.Kind) -> [UInt8] {
      let announcement = Announcement(
        kind: kind, epoch: update.epoch, revision: update.revision, at: Stand.noonTime, cohort: update.cohort)
      return Array(announcement.outboxEntry(for: key, trace).body.utf8)
    }
    var events = [
      ("mastery.threshold.reached", announced(.thresholdReached(previous: level(), new: level()))),
      (
        "learning.path.recommended",
        announced(.pathRecommended(path: update.recommendations.map(\.area), recommendations: update.recommendations))
      ),
    ]
    if let result = MasteryUpdated.event(for: document, trace) { events.append(("mastery.updated", result.body)) }
    let erased = Erasure.Erased(identity: Identity(student: key.student, school: key.school), epoch: update.epoch)
    events.append(("mastery.erased", CloudEvent.bytes(id: "e", Erasure.erasedShape, erased, time: Stand.noonTime, trace: trace)))
    let original = random.once(in: 3) ? (0..<50).map { _ in UInt8(random.draw(0..<256)) } : Array(texts[random.draw(0..<texts.count)].utf8)
    var failed = FailedEvent(
      kind: .validation,
      rejection: EventRejection(
        message: texts[random.draw(0..<texts.count)], type: random.once(in: 2) ? texts[random.draw(0..<texts.count)] : nil,
        owner: random.once(in: 2) ? key : nil, timestamp: random.once(in: 2) ? Stand.noonTime : nil),
      original: original, topic: "learning.quiz", failedAt: Stand.noonTime)
    failed.trace = trace
    events.append(("FailedEvent", failed.event.body))
    return events
  }

  @Test("10,000 random results, and what else is published with them, are taken by the recorded rules")
  func random() async throws {
    try await withThrowingTaskGroup(of: [String: Int].self) { group in
      for part in 0..<4 as Range<UInt64> {
        group.addTask {
          var rules: [String: AvroRules] = [:]
          var counts: [String: Int] = [:]
          for seed in stride(from: part, to: 10_000, by: 4) {
            for (type, body) in try Self.events(seed) {
              let own = try rules[type] ?? Self.rules(type)
              rules[type] = own
              counts[type, default: 0] += 1
              let refusal = own.refusal(of: body)
              #expect(refusal == nil, "seed \(seed), \(type): \(refusal ?? "")")
            }
          }
          return counts
        }
      }
      let counts = try await group.reduce(into: [String: Int]()) { $0.merge($1, uniquingKeysWith: +) }
      #expect(counts == Dictionary(uniqueKeysWithValues: PublishedEvents.all.map { ($0.type, 10_000) }))
    }
  }

  @Test("A result with a member that its schema lacks, and one with a fraction where a whole number belongs, are refused")
  func refused() throws {
    let rules = try Self.rules("mastery.updated")
    let body = String(decoding: try #require(try Self.events(1).first { $0.type == "mastery.updated" }).body, as: UTF8.self)
    #expect(rules.refusal(of: Array(body.utf8)) == nil)
    for (part, other) in [
      (#""event_type":"#, #""mood":"good","event_type":"#), (#""epoch":"#, #""epoch":1.5,"was":"#),
      (#""revision":"#, #""revision":1.0,"was":"#),
      (#""missing":["#, #""missing":[7,"#), (#""data":{"#, #""data":{"student_id":null,"#),
    ] {
      #expect(body.contains(part))
      #expect(rules.refusal(of: Array(body.replacing(part, with: other).utf8)) != nil, "\(other)")
    }
  }

  @Test("The schemas name every event that comes in and goes out, and every record once")
  func names() throws {
    let schemas = try Self.schemas.get()
    #expect(
      schemas.map { "\($0.name) \($0.subject)" } == [
        "ExerciseCompleted learning.completion-value", "QuizCompleted learning.quiz-value", "QualityAssessed learning.quality-value",
        "ConsistencyRecorded learning.consistency-value", "MasteryCalculationRequested mastery.requests-value",
        "MasteryUpdatedCloudEvent mastery.results-value", "ThresholdReachedCloudEvent mastery.events-value",
        "PathRecommendedCloudEvent learning.path.recommended-value", "StudentErasedCloudEvent mastery.erased-value",
        "FailedEventCloudEvent mastery.dlq-value",
      ])
    #expect(schemas.prefix(5).allSatisfy(\.isIncoming) && !schemas.dropFirst(5).contains(where: \.isIncoming))
    // A topic has one schema, so its events need one each.
    #expect(Set(schemas.dropFirst(5).map(\.topic)).count == 5)
    for schema in schemas {
      let root = try ReadJSON.object(schema.json)
      #expect(root["namespace"] as? String == "mastery" && (root["doc"] as? String)?.isEmpty == false)
      for field in Self.fields(root) {
        #expect((field["doc"] as? String)?.isEmpty == false && field["default"] != nil, "\(schema.name): \(field)")
      }
    }
  }

  /// All fields of a schema, those of records within included.
  private static func fields(_ schema: Any) -> [[String: Any]] {
    switch schema {
    case let list as [Any]: return list.flatMap(fields)
    case let object as [String: Any]:
      let own = object["fields"] as? [[String: Any]] ?? []
      return own + own.flatMap { fields($0["type"] ?? "") } + fields(object["items"] ?? "") + fields(object["values"] ?? "")
    default: return []
    }
  }

  @Test("Random events are written where another reader of Avro looks for them", .enabled(if: AvroSamples.folder != nil))
  func samples() throws {
    let folder = try #require(AvroSamples.folder)
    var lines: [String: [UInt8]] = [:]
    for seed in 0..<10_000 as Range<UInt64> {
      for (type, body) in try Self.events(seed) { lines[type, default: []] += body + [UInt8(ascii: "\n")] }
    }
    for (type, text) in lines { try Data(text).write(to: URL(filePath: folder).appending(path: "\(try Self.schema(type).name).jsonl")) }
  }
}

/// Where random events are left for another reader of Avro; nil if nobody asks for them.
private enum AvroSamples {
  static let folder = ProcessInfo.processInfo.environment["AVRO_EVENTS"]
}
