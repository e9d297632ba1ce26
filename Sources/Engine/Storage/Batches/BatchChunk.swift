internal import JSON
internal import MasteryCore

/// Students of a batch that are processed together, and their outcomes.
struct BatchChunk: Hashable, Sendable {
  /// The students.
  let items: [BatchItem]
  /// The outcome of each student; nil while unprocessed, and never changed afterwards.
  var outcomes: [BatchOutcome]?

  /// The students with their outcomes.
  var entries: [BatchEntry] {
    items.enumerated().map { index, item in BatchEntry(item: item, outcome: outcomes?[index]) }
  }

  /// The stored form.
  var bytes: [UInt8] {
    JSONWriter.object(capacity: 64 + 96 * items.count) { json in
      json.member("schema", 1)
      json.array("students", of: items) { json, item in
        json.array { json in
          json.string(item.student?.text)
          if let components = item.components { Self.write(components.map(\.value), to: &json) }
          if let fault = item.fault {
            json.null()
            json.string(fault)
          }
        }
      }
      if let outcomes { json.array("outcomes", of: outcomes) { Self.write($1, to: &$0) } }
    }
  }

  private static func write(_ scores: ComponentValues<Double>, to json: inout JSONWriter) {
    json.object { json in for (component, score) in scores { json.member(component.key, score) } }
  }

  private static func write(_ outcome: BatchOutcome, to json: inout JSONWriter) {
    json.array { json in
      switch outcome {
      case .mastery(let mastery):
        json.integer(mastery.score)
        json.string(mastery.level.rawValue)
        write(mastery.components.map { Double($0) }, to: &json)
      case .failure(let code, let message):
        json.string(code)
        json.string(message)
      }
    }
  }
}

extension BatchChunk {
  /// Reads a stored chunk; nil if it is damaged, or written by a release that this one cannot read.
  init?(_ value: JSONValue) {
    guard let schema = value["schema"]?.integer, (1...2).contains(schema), let students = value["students"] else { return nil }
    var items: [BatchItem] = []
    for element in students.elements {
      guard let item = Self.item(element) else { return nil }
      items.append(item)
    }
    var outcomes: [BatchOutcome]?
    if let list = value["outcomes"] {
      let read = list.elements.compactMap(Self.outcome)
      guard read.count == items.count else { return nil }
      outcomes = read
    }
    self.init(items: items, outcomes: outcomes)
  }

  private static func item(_ value: JSONValue) -> BatchItem? {
    var parts = value.elements
    guard let named = parts.next() else { return nil }
    let student = named.string.flatMap(StudentID.init)
    guard let given = parts.next() else {
      return student.map { BatchItem(student: $0, components: nil) }
    }
    if given.isNull { return parts.next()?.string.map { BatchItem(student: student, components: nil, fault: $0) } }
    guard let student else { return nil }
    var scores = ComponentValues<Score>()
    for component in Component.allCases {
      guard let value = given[component.key] else { continue }
      guard let score = value.number.flatMap(Score.init) else { return nil }
      scores[component] = score
    }
    return BatchItem(student: student, components: scores)
  }

  private static func outcome(_ value: JSONValue) -> BatchOutcome? {
    var parts = value.elements
    guard let first = parts.next(), let second = parts.next()?.string else { return nil }
    guard let score = first.integer else { return first.string.map { .failure(code: $0, message: second) } }
    guard let level = Level(rawValue: second), let given = parts.next() else { return nil }
    var components = ComponentValues<Int>()
    for component in Component.allCases { components[component] = given[component.key]?.integer.map { Int($0) } }
    return .mastery(ShownMastery(score: Int(score), level: level, components: components))
  }
}
