internal import JSON
internal import MasteryCore
internal import NaiveMastery

/// Real events to use instead of generated ones.
public struct Course: Sendable {
  private struct Line: Sendable {
    let text: String
    let topic: String
    let content: EventContent
    let milliseconds: Int64
  }

  /// The events of each student, in chronological order.
  private var students: [[Line]] = []
  /// A time later than all events, in milliseconds since 1970.
  let start: Int64

  /// Reads events, one JSON object per line.
  ///
  /// - Parameter lines: The lines; one that is not an event with an id, a time, a student and a known type is skipped.
  public init(lines: some Sequence<[UInt8]>) {
    var indices: [String: Int] = [:]
    var latest: Int64 = 0
    for bytes in lines {
      guard let line = Self.line(bytes) else { continue }
      latest = max(latest, line.milliseconds)
      let index = indices[line.content.owner] ?? students.count
      indices[line.content.owner] = index
      if index == students.count { students.append([]) }
      students[index].append(line)
    }
    for index in students.indices { students[index].sort { $0.milliseconds < $1.milliseconds } }
    start = latest + 1
  }

  /// Whether there are no events.
  public var isEmpty: Bool { students.isEmpty }

  /// Draws events of a few students, one for each moment.
  func slice(_ random: SeededGenerator, _ moments: [Int]) -> [PlannedEvent] {
    guard !students.isEmpty else { return [] }
    let chosen = (0..<random.draw(1..<5)).map { _ in students[random.draw(0..<students.count)] }
    return moments.map { moment in
      let student = chosen[random.draw(0..<chosen.count)]
      let line = student[random.draw(0..<student.count)]
      let form = PlannedEvent.Form.published[random.draw(0..<PlannedEvent.Form.published.count)]
      return PlannedEvent(at: moment, topic: line.topic, text: line.text, form: form, content: line.content)
    }
  }

  private static let components = [
    "exercise.completed": "completion", "quiz.completed": "quiz", "quality.assessed": "quality", "consistency.recorded": "consistency",
  ]

  private static func line(_ bytes: [UInt8]) -> Line? {
    try? JSONDocument.parse(bytes) { (root) throws(JSONInvalid) in
      guard let id = root["event_id"]?.string, let student = root["student_id"]?.string,
        let time = root["timestamp"]?.string.flatMap({ Timestamp(iso8601: $0) }),
        let component = components[root["event_type"]?.string ?? ""]
      else { throw JSONInvalid(field: "event", value: nil, constraint: "must be complete") }
      var fields: [String: NaiveField] = [:]
      for (name, value) in root["data"]?.members ?? root.members {
        if let number = value.number { fields[name.string] = .number(number) }
        if let text = value.string { fields[name.string] = .text(text) }
      }
      var content = EventContent(school: root["metadata"]?["school_id"]?.string, student: student)
      content.id = id
      content.milliseconds = time.milliseconds
      content.cohort = root["metadata"]?["cohort_id"]?.string
      content.source = root["metadata"]?["source"]?.string
      content.parts = [component: fields]
      return Line(
        text: String(decoding: bytes, as: UTF8.self), topic: component == "completion" ? "learning.completion" : "learning.quiz",
        content: content, milliseconds: time.milliseconds)
    }
  }
}
