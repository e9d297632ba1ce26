internal import JSON
internal import NaiveMastery

extension StoredDocument {
  /// One entry of the evidence.
  struct Item: Sendable {
    let place: NaivePlace
    /// Its day; nil in the baseline.
    let day: Int?
    let component: String
    let milliseconds: Int64
    let event: String
    /// What it is made of, under the names of an event's fields; nil for what was taken back.
    let fields: [String: NaiveField]?
    let source: String?
    /// Minutes that the student's clocks were ahead of UTC.
    let minutesAhead: Int
    let correction: Int

    /// The event that would say only this.
    var naive: NaiveEvent {
      NaiveEvent(
        id: event, milliseconds: milliseconds, minutesAhead: minutesAhead, student: "", parts: [component: fields ?? [:]], source: source,
        place: place, correction: correction, isRetracted: fields == nil)
    }

    /// Whether it is superseded by what an event says about its component.
    func isEarlier(than said: NaiveStudent.InForce) -> Bool {
      NaiveStudent.InForce(naive, component).map { NaiveStudent.isEarlier($0, said) } ?? true
    }

    /// Whether an event says this, with figures that differ by less than `tolerance`.
    func comes(from other: NaiveEvent, tolerance: Double) -> Bool {
      guard event == other.id, milliseconds == other.milliseconds, source == other.source, place == other.place,
        correction == other.correction, (fields == nil) == other.isRetracted, let own = NaiveStudent.InForce(naive, component),
        let said = NaiveStudent.InForce(other, component), abs(own.score - said.score) < tolerance
      else { return false }
      return own.figures.count == said.figures.count && zip(own.figures, said.figures).allSatisfy { abs($0 - $1) < tolerance }
    }
  }
}

// MARK: Reading

extension StoredDocument.Item {
  /// The entries of stored evidence: those without a course and a topic first.
  static func all(in evidence: JSONValue) -> [Self] {
    var items = all(in: evidence, at: NaivePlace())
    for topic in evidence["topics"]?.elements ?? evidence.elements {
      items += all(in: topic, at: NaivePlace(course: topic["course"]?.string, topic: topic["topic"]?.string))
    }
    return items
  }

  private static func all(in topic: JSONValue, at place: NaivePlace) -> [Self] {
    var items: [Self] = []
    for (name, list) in topic["baseline"]?.members ?? topic.members where list.kind == .array {
      for item in list.elements { items.append(Self(item, of: name.string, at: place, on: nil)) }
    }
    for day in topic["days"]?.elements ?? topic.elements {
      var parts = day.elements
      let number = parts.next()?.integer.map { Int($0) }
      guard let latest = parts.next() else { continue }
      for (name, item) in latest.members { items.append(Self(item, of: name.string, at: place, on: number)) }
    }
    return items
  }

  private init(_ value: JSONValue, of component: String, at place: NaivePlace, on day: Int?) {
    var parts = value.elements
    self.place = place
    self.day = day
    self.component = component
    milliseconds = parts.next()?.integer ?? .min
    event = parts.next()?.string ?? ""
    fields = Self.fields(parts.next(), of: component)
    source = parts.next()?.string
    minutesAhead = parts.next()?.integer.map { Int($0) } ?? 0
    correction = parts.next()?.integer.map { Int($0) } ?? 0
  }

  /// The names of a component's figures in their stored order.
  private static let names = [
    "completion": ["total_exercises", "completed_exercises", "difficulty"],
    "quiz": ["total_questions", "correct_answers", "time_spent", "attempts"],
    "quality": ["code_quality_score", "correctness_score", "efficiency_score", "peer_review_score"],
    "consistency": ["current_streak", "max_streak", "days_since_last_activity"],
  ]

  private static func fields(_ content: JSONValue?, of component: String) -> [String: NaiveField]? {
    guard let content else { return ["score": .number(.nan)] }
    switch content.kind {
    case .null: return nil
    case .array:
      var fields: [String: NaiveField] = [:]
      for (name, figure) in zip(names[component] ?? [], content.elements) {
        if let number = figure.number { fields[name] = .number(number) }
        if let text = figure.string { fields[name] = .text(text) }
      }
      return fields
    default: return ["score": .number(content.number ?? .nan)]
    }
  }
}
