internal import JSON
internal import MasteryCore
internal import NaiveMastery

/// Draws an event's evidence, and writes the event's text.
struct EventBody {
  /// A member of an event.
  struct Member: Sendable {
    let name: String
    let json: String
  }

  private let random: SeededGenerator
  /// A member that breaks its rule; nil for none.
  var wrong: Member?
  /// The members of `data`, or of `components`, as JSON.
  var members = ""
  private var isComponents = false
  private var component: String?

  init(_ random: SeededGenerator) { self.random = random }

  /// Draws an event's evidence.
  ///
  /// - Returns: The event's type, under one of its names.
  mutating func evidence(_ content: inout EventContent) -> String {
    switch random.draw(0..<12) {
    case 0...3:
      content.parts = ["completion": exercise()]
      return ["exercise.completed", "completion", "exercise.completion.submitted"][random.draw(0..<3)]
    case 4...6:
      content.parts = ["quiz": quiz()]
      return ["quiz.completed", "quiz", "quiz.performance.submitted"][random.draw(0..<3)]
    case 7, 8:
      content.parts = ["quality": quality()]
      return ["quality.assessed", "quality", "quality.assessment.completed"][random.draw(0..<3)]
    case 9:
      content.parts = ["consistency": consistency()]
      return ["consistency.recorded", "consistency", "consistency.activity.recorded"][random.draw(0..<3)]
    default: return requested(&content)
    }
  }

  /// A calculation request with evidence of one component, of several, or of none.
  private mutating func requested(_ content: inout EventContent) -> String {
    switch random.draw(0..<3) {
    case 0:
      component = "quiz"
      content.parts = ["quiz": quiz()]
    case 1:
      isComponents = true
      var texts: [String] = []
      for (name, weight) in NaiveScore.weights where weight < 0.35 || random.once(in: 2) {
        let score = Double(random.draw(0..<101)) / 100
        content.parts[name] = ["score": .number(score)]
        texts.append("\"\(name)\":\(Self.text(of: score))")
      }
      members = texts.joined(separator: ",")
    default: break
    }
    return "mastery.calculation.requested"
  }

  /// Draws other evidence for the components of an event, or takes them back if its content is retracted.
  ///
  /// - Returns: The correction's type, which may be another than the event's.
  mutating func correction(of content: inout EventContent) -> String {
    let names = content.parts.keys.sorted()
    if names.count > 1 || random.once(in: 6) {
      isComponents = true
      let corrected = names.count > 1 && random.once(in: 6) ? Array(names.dropFirst()) : names
      let scores = corrected.map { _ in Double(random.draw(0..<101)) / 100 }
      members = zip(corrected, scores).map { "\"\($0)\":\(Self.text(of: $1))" }.joined(separator: ",")
      content.parts = Dictionary(uniqueKeysWithValues: zip(corrected, scores.map { ["score": .number($0)] }))
    } else {
      let fields =
        switch names[0] {
        case "completion": exercise()
        case "quiz": quiz()
        case "quality": quality()
        default: consistency()
        }
      content.parts = [names[0]: fields]
      if random.once(in: 3) { component = names[0] }
      // What takes evidence back needs no data.
      if content.isRetracted, random.once(in: 2) { members = "" }
    }
    if content.isRetracted { content.parts = content.parts.mapValues { _ in [:] } }
    guard !isComponents, component == nil else { return "mastery.calculation.requested" }
    switch names[0] {
    case "completion": return "exercise.completed"
    case "quiz": return "quiz.completed"
    case "quality": return "quality.assessed"
    default: return "consistency.recorded"
    }
  }

  private mutating func exercise() -> [String: NaiveField] {
    let total = random.draw(1..<20)
    var fields: [String: NaiveField] = ["total_exercises": .number(Double(total))]
    fields["completed_exercises"] = .number(Double(random.draw(0..<total + 1)))
    if random.once(in: 2) { fields["difficulty"] = .text(["beginner", "intermediate", "advanced"][random.draw(0..<3)]) }
    return write(fields)
  }

  private mutating func quiz() -> [String: NaiveField] {
    let total = random.draw(1..<30)
    var fields: [String: NaiveField] = ["total_questions": .number(Double(total))]
    fields["correct_answers"] = .number(Double(random.draw(0..<total + 1)))
    if random.once(in: 3) { fields["time_spent"] = .number(Double(random.draw(0..<200))) }
    if random.once(in: 3) { fields["attempts"] = .number(Double(random.draw(1..<9))) }
    return write(fields)
  }

  private mutating func quality() -> [String: NaiveField] {
    var fields: [String: NaiveField] = ["code_quality_score": .number(Double(random.draw(0..<11)) / 10)]
    for name in ["correctness", "efficiency_score", "peer_review_score"] where random.once(in: 2) {
      fields[name] = .number(Double(random.draw(0..<11)) / 10)
    }
    return write(fields)
  }

  private mutating func consistency() -> [String: NaiveField] {
    let longest = random.draw(0..<15)
    return write([
      "max_streak": .number(Double(longest)), "current_streak": .number(Double(random.draw(0..<longest + 1))),
      "days_since_last_activity": .number(Double(random.draw(0..<9))),
    ])
  }

  private mutating func write(_ fields: [String: NaiveField]) -> [String: NaiveField] {
    members = fields.sorted { $0.key < $1.key }.map { name, field in
      switch field {
      case .number(let value): "\"\(name)\":\(Self.text(of: value))"
      case .text(let text): "\"\(name)\":\"\(text)\""
      }
    }.joined(separator: ",")
    return fields
  }

  private static func text(of value: Double) -> String { value == value.rounded() ? String(Int(value)) : String(value) }

  /// Writes an event.
  ///
  /// - Parameters:
  ///   - type: Its type.
  ///   - content: Its student, time and evidence.
  ///   - isRequest: Whether it is sent in a request, which does not allow the flat form.
  /// - Returns: Its text.
  func text(_ type: String, _ content: EventContent, isRequest: Bool = false) -> String {
    var json = JSONWriter()
    json.object { json in
      if let id = content.id { json.member("event_id", id) }
      json.member("event_type", type)
      if let milliseconds = content.milliseconds {
        // Half of the times are ISO 8601, half are numbers.
        if milliseconds % 2 == 0 {
          json.member("timestamp", Timestamp(milliseconds: milliseconds).iso8601)
        } else {
          json.member("timestamp", milliseconds)
        }
      }
      json.member("student_id", content.student)
      // A third of the places stand in the metadata.
      let isAside = !isRequest && (content.milliseconds ?? 0) % 3 == 0
      if !isAside { Self.write(content.place, to: &json) }
      if let wrong { json.member(named: wrong.name, raw: wrong.json.utf8) }
      if content.correction != 0 { json.member("correction", content.correction) }
      if content.isRetracted { json.member("retracted", true) }
      writeEvidence(to: &json, isFlat: !isRequest && random.once(in: 3))
      writeMetadata(content, isAside ? content.place : NaivePlace(), to: &json)
    }
    return json.text
  }

  private func writeEvidence(to json: inout JSONWriter, isFlat: Bool) {
    if let component { json.member("component", component) }
    guard !members.isEmpty || isComponents else { return }
    let isOne = !isComponents || members.contains("_")
    if isFlat, isOne {
      for member in members.split(separator: ",") {
        let parts = member.split(separator: ":", maxSplits: 1)
        json.member(named: String(parts[0].dropFirst().dropLast()), raw: parts[1].utf8)
      }
    } else {
      json.member(named: isOne ? "data" : "components", raw: "{\(members)}".utf8)
    }
  }

  private static func write(_ place: NaivePlace, to json: inout JSONWriter) {
    if let course = place.course { json.member("course_id", course) }
    if let topic = place.topic { json.member("topic", topic) }
  }

  private func writeMetadata(_ content: EventContent, _ place: NaivePlace, to json: inout JSONWriter) {
    let members = [
      ("school_id", content.school), ("cohort_id", content.cohort), ("source", content.source), ("course_id", place.course),
      ("topic", place.topic),
    ]
    guard members.contains(where: { $0.1 != nil }) else { return }
    json.object("metadata") { json in
      for (name, value) in members {
        guard let value else { continue }
        json.member(named: name, value)
      }
    }
  }
}
