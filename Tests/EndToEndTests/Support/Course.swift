import Foundation
import JSON
import MasteryCore
import NaiveMastery
import Testing

/// The events of a real course: the slice that the tests carry, or the file that `MASTERY_COURSE` names.
struct Course {
  /// One event: as text for the broker, and as plain values for the naive calculation.
  struct Line {
    let text: String
    let topic: String
    let school: String?
    let naive: NaiveEvent
  }

  let path: String
  var lines: [Line]

  /// The events of several hundred students that the program includes for its demo, or the file that `MASTERY_COURSE` names.
  static func loadOfManyStudents() throws -> Course {
    let carried = root.appending(path: "Sources/Programs/CBuiltIn/course.events.jsonl.gz").path
    return try load(from: ProcessInfo.processInfo.environment["MASTERY_COURSE"] ?? carried)
  }

  static func load() throws -> Course {
    let slice = root.appending(path: "Tests/MasteryCoreTests/Samples")
    let path =
      try ProcessInfo.processInfo.environment["MASTERY_COURSE"]
      ?? {
        let files = try FileManager.default.contentsOfDirectory(atPath: slice.path).filter { $0.hasSuffix(".jsonl") }
        return slice.appending(path: try #require(files.first)).path
      }()
    return try load(from: path)
  }

  private static func load(from path: String) throws -> Course {
    let text = path.hasSuffix(".gz") ? try output(of: "/bin/gzip", ["-dc", path]) : try Data(contentsOf: URL(filePath: path))
    let lines = try text.split(separator: UInt8(ascii: "\n")).map { try Line(bytes: Array($0)) }
    return Course(path: path, lines: lines)
  }

  /// The package's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The same course, shifted so that its last day is yesterday.
  var shiftedToNow: Course { shifted(days: Int(Date().timeIntervalSince1970 / 86_400) - 1 - lastDay) }

  /// The same course, shifted by that many whole days.
  func shifted(days: Int) -> Course {
    var course = self
    course.lines = lines.map { $0.shifted(days: days) }
    return course
  }

  /// The events up to the end of a day.
  func until(_ day: Day) -> Course {
    var course = self
    course.lines = lines.filter { $0.naive.day <= day.number }
    return course
  }

  var lastDay: Int { lines.map(\.naive.day).max() ?? 0 }

  /// The events of each student.
  var byStudent: [String: [NaiveEvent]] { Dictionary(grouping: lines.map(\.naive), by: \.student) }

  private static func output(of command: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: command)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return data
  }
}

extension Course.Line {
  private static let topics = [
    "exercise.completed": "learning.completion", "quiz.completed": "learning.quiz", "quality.assessed": "learning.quality",
    "consistency.recorded": "learning.consistency",
  ]

  init(bytes: [UInt8]) throws {
    let read = try JSONDocument.parse(bytes) { (root) throws(JSONInvalid) in
      var fields: [String: NaiveField] = [:]
      for (name, value) in root["data"]?.members ?? root.members {
        if let number = value.number { fields[name.string] = .number(number) }
        if let text = value.string { fields[name.string] = .text(text) }
      }
      let type = root["event_type"]?.string ?? ""
      let moment = root["timestamp"]?.string.flatMap { Timestamp(iso8601: $0) }
      var event = NaiveEvent(
        id: root["event_id"]?.string ?? "", milliseconds: moment?.milliseconds ?? 0, student: root["student_id"]?.string ?? "", type: type,
        fields: fields, source: root["metadata"]?["source"]?.string, cohort: root["metadata"]?["cohort_id"]?.string)
      event.place = NaivePlace(course: root["course_id"]?.string, topic: root["topic"]?.string)
      return (type, event, root["metadata"]?["school_id"]?.string)
    }
    self.init(text: String(decoding: bytes, as: UTF8.self), topic: Self.topics[read.0] ?? "mastery.requests", school: read.2, naive: read.1)
  }

  func shifted(days: Int) -> Self {
    var event = naive
    event.milliseconds += Int64(days) * 86_400_000
    let before = Timestamp(milliseconds: naive.milliseconds).iso8601
    let after = Timestamp(milliseconds: event.milliseconds).iso8601
    return Self(text: text.replacingOccurrences(of: before, with: after), topic: topic, school: school, naive: event)
  }
}
