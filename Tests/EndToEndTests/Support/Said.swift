import Foundation
import JSON
import MasteryCore
import Testing

@testable import MasteryService

/// The engine's messages about students, read by the rules for its consumers.
struct Said {
  struct Event: Hashable {
    let id: String
    let key: StudentKey
    let epoch: Int
    let revision: Int
    let revisionsSince: Int?
    let score: Double?
    let level: String?
    let previousLevel: String?
    let components: [String: Double]
    let missing: [String]
    let path: [String]
  }

  let results: [Event]
  let thresholds: [Event]
  let paths: [Event]
  let deadLetters: Int

  init(_ published: Published) throws {
    let results = try published.bodies(on: "mastery.results").map(Self.event)
    var contents: [String: [UInt8]] = [:]
    for body in published.bodies(on: "mastery.results", "mastery.events", "learning.path.recommended") {
      let (id, data) = try Self.idAndData(body)
      // One id never has two contents.
      #expect(contents.updateValue(data, forKey: id).map { $0 == data } ?? true, "\(id) was said differently")
    }
    self.results = results
    thresholds = try Self.unique(published.bodies(on: "mastery.events"))
    paths = try Self.unique(published.bodies(on: "learning.path.recommended"))
    deadLetters = published.bodies(on: "mastery.dlq").count
  }

  /// The result with the highest epoch and revision, which consumers keep.
  var lastResults: [StudentKey: Event] {
    results.reduce(into: [:]) { last, event in
      guard let known = last[event.key], (known.epoch, known.revision) >= (event.epoch, event.revision) else {
        last[event.key] = event
        return
      }
    }
  }

  /// The last result of each student matches the document, and the announced levels lead to its level without a gap.
  func check(_ documents: [StudentKey: StudentDocument]) {
    let last = lastResults
    let thresholds = Dictionary(grouping: thresholds, by: \.key)
    let paths = Dictionary(grouping: paths, by: \.key)
    for (key, document) in documents {
      let student = Comment(rawValue: key.student.text)
      let mastery = document.evidence.mastery()
      #expect(last[key]?.epoch == Int(document.ledger.epoch), student)
      #expect(last[key]?.revision == Int(document.ledger.revision), student)
      #expect(last[key]?.score == mastery.shown, student)
      #expect(last[key]?.level == mastery.level.rawValue, student)
      let missing = mastery.missing.map(\.rawValue)
      #expect(last[key].map { Set($0.components.keys) } == Set(Component.allCases.map(\.rawValue)), student)
      #expect(last[key]?.missing == missing, student)
      #expect(missing.allSatisfy { last[key]?.components[$0] == 0 }, student)
      var level = "beginner"
      for announced in (thresholds[key] ?? []).sorted(by: { $0.revision < $1.revision }) {
        #expect(announced.previousLevel == level, student)
        level = announced.level ?? ""
      }
      #expect(level == mastery.level.rawValue, student)
      let path = (paths[key] ?? []).max { $0.revision < $1.revision }?.path
      #expect(path.map(Self.weak) ?? Set(Component.allCases) == Set(mastery.components.weak), student)
    }
  }

  /// Every revision was published, or a later result says that it stands for it too.
  func checkRevisions(_ documents: [StudentKey: StudentDocument]) {
    let results = Dictionary(grouping: results, by: \.key)
    for (key, document) in documents {
      let own = (results[key] ?? []).filter { $0.epoch == Int(document.ledger.epoch) }
      for revision in stride(from: 1, through: Int(document.ledger.revision), by: 1) {
        let isSaid = own.contains { $0.revision == revision || $0.revision > revision && $0.revisionsSince.map { $0 < revision } ?? false }
        #expect(isSaid, "revision \(revision) of \(key.student.text)")
      }
    }
  }

  /// The components that a path's areas belong to.
  private static func weak(_ path: [String]) -> Set<Component> {
    let areas: [Component: Set<String>] = [
      .completion: ["practice_basic", "exercise_variety", "timed_challenges"],
      .quiz: ["concept_review", "practice_quizzes", "mock_tests"],
      .quality: ["code_reviews", "refactoring_practice", "best_practices"],
      .consistency: ["daily_goals", "streak_reminders", "study_schedule"],
    ]
    return Set(Component.allCases.filter { !(areas[$0] ?? []).isDisjoint(with: path) })
  }

  private static func unique(_ bodies: [[UInt8]]) throws -> [Event] { Array(Set(try bodies.map(event))) }

  private static func idAndData(_ body: [UInt8]) throws -> (String, [UInt8]) {
    try JSONDocument.parse(body) { (root) throws(JSONInvalid) in
      var writer = JSONWriter()
      if let data = root["data"] { writer.copy(data) }
      return (root["id"]?.string ?? "", writer.bytes)
    }
  }

  private static func event(_ body: [UInt8]) throws -> Event {
    try JSONDocument.parse(body) { (root) throws(JSONInvalid) in
      let data = root["data"] ?? root
      guard let student = data["student_id"]?.string.flatMap(StudentID.init) else {
        throw JSONInvalid(field: "student_id", value: nil, constraint: "is required")
      }
      let school = data["school_id"]?.string.flatMap(SchoolID.init)
      var components: [String: Double] = [:]
      for (name, value) in data["components"]?.members ?? data.members { components[name.string] = value.number }
      return Event(
        id: root["id"]?.string ?? "", key: StudentKey(school: school, student: student),
        epoch: Int(data["epoch"]?.integer ?? 0), revision: Int(data["revision"]?.integer ?? 0),
        revisionsSince: data["revisions_since"]?.integer.map { Int($0) }, score: data["mastery_score"]?.number,
        level: data["level"]?.string, previousLevel: data["previous_level"]?.string, components: components,
        missing: data["missing"]?.elements.compactMap(\.string) ?? [],
        path: data["path"]?.elements.compactMap(\.string) ?? [])
    }
  }
}
