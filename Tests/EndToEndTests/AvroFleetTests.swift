import Foundation
import JSON
import MasteryCore
import NaiveMastery
import Testing

@testable import MasteryService

extension EndToEnd {
  /// Runs beside the unchanged production files for Kafka with topics in Avro, and a registry that has the engine's own schemas.
  @Suite("Two engines and their sidecar with topics in Avro") struct AvroFleetTests {
    @Test("Events in Avro and in JSON count alike through kills of engines, sidecar and registry, and results go out in Avro")
    func fleet() async throws {
      var course = try Course.loadOfManyStudents().shiftedToNow
      course.lines = Array(course.lines.prefix(3_000))
      let fleet = try Fleet(seed: 5, components: .avro(["learning.quiz", "mastery.results"]))
      defer { fleet.remove() }
      fleet.heal()
      let lines = try course.lines.map { $0.topic == "learning.quiz" ? try $0.inAvro : $0 }
      for (part, role) in [Fleet.Role.engines, .sidecar, .engines].enumerated() {
        try await fleet.publish(lines[part * lines.count / 3..<(part + 1) * lines.count / 3])
        // The registry is part of the sidecar.
        try fleet.kill(role)
      }
      #expect(try await fleet.undelivered() == 0)
      let documents = try await fleet.documents(of: Array(Set(try course.lines.map(Comparison.key))))
      try Comparison.check(course, documents)
      #expect(await fleet.stop() == [0, 0, 0])
      let published = try fleet.published()
      #expect(lines.contains { $0.topic == "learning.quiz" } && published.bodies(on: "mastery.dlq").isEmpty)
      // A message in the form of registries begins with a zero and the number of its schema in four bytes.
      let (events, results) = (published.bodies(on: "learning.quiz"), published.bodies(on: "mastery.results"))
      #expect(!events.isEmpty && events.allSatisfy { $0.first == 0 && $0.count > 5 })
      #expect(results.count >= documents.count && results.allSatisfy { $0.first == 0 && $0.count > 5 })
    }
  }
}

extension Course.Line {
  /// The same event in the JSON of the engine's own Avro schema: the time in microseconds, and no member that the schema lacks.
  fileprivate var inAvro: Self {
    get throws {
      var event = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      event["timestamp"] = naive.milliseconds * 1_000
      event["component"] = nil
      event["metadata"] = (event["metadata"] as? [String: Any])?.filter { ["school_id", "cohort_id", "source"].contains($0.key) }
      let bytes = try JSONSerialization.data(withJSONObject: event, options: [.withoutEscapingSlashes])
      return Self(text: String(decoding: bytes, as: UTF8.self), topic: topic, school: school, naive: naive)
    }
  }
}
