import NaiveMastery

/// A random life of one student: few ids and times, so that ties, reuse and repetition are frequent.
struct RandomCourse {
  /// The first day that events may fall on.
  static let firstDay = 20_000

  private(set) var events: [NaiveEvent] = []
  private(set) var cutoff: Int
  private var random: SeededGenerator
  /// The offsets of clocks: in half of the lives those of UTC alone, in the others of schools whose settings change.
  private let offsets: [Int]
  /// The courses and topics: in a third of the lives there are none.
  private let places: [NaivePlace]

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    offsets = seed % 2 == 0 ? [0] : [0, 540, -480, 345]
    places =
      seed % 3 == 0
      ? [NaivePlace()]
      : [
        NaivePlace(), NaivePlace(topic: "loops"), NaivePlace(course: "maths"), NaivePlace(course: "maths", topic: "loops/while"),
        NaivePlace(course: "maths", topic: "loops/for"), NaivePlace(course: "physics", topic: "loops"),
      ]
    cutoff = Self.firstDay + Int.random(in: 0...12, using: &random)
    let namesConsistency = Int.random(in: 0...2, using: &random) == 0
    for _ in 0..<Int.random(in: 1...40, using: &random) { events.append(event(namesConsistency: namesConsistency)) }
  }

  mutating func shuffled() -> [NaiveEvent] { events.shuffled(using: &random) }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  /// All events in random order and batches, some of them more than once.
  mutating func batches() -> [[NaiveEvent]] {
    var left = shuffled()
    left += (0..<number(0...10)).compactMap { _ in events.randomElement(using: &random) }
    left.shuffle(using: &random)
    var batches: [[NaiveEvent]] = []
    while !left.isEmpty {
      let count = min(number(1...8), left.count)
      batches.append(Array(left.prefix(count)))
      left.removeFirst(count)
    }
    return batches
  }

  private mutating func event(namesConsistency: Bool) -> NaiveEvent {
    let day = Self.firstDay + number(0...40)
    let moment = Int64(day) * 86_400_000 + Int64([0, 1, 3_600_000, 86_399_999][number(0...3)])
    var parts: [String: [String: NaiveField]] = [:]
    for _ in 0..<[0, 1, 1, 1, 1, 2, 3][number(0...6)] {
      let component = ["completion", "quiz", "quality", "consistency"][number(0...(namesConsistency ? 3 : 2))]
      parts[component] = fields(of: component)
    }
    return NaiveEvent(
      id: "event-\(number(1...12))", milliseconds: moment, minutesAhead: offsets[number(0...offsets.count - 1)], student: "anna",
      parts: parts, source: [nil, "lab", "tutor"][number(0...2)], cohort: [nil, nil, "north", "south"][number(0...3)],
      place: places[number(0...places.count - 1)], correction: [0, 0, 0, 1, 2][number(0...4)], isRetracted: number(0...7) == 0)
  }

  private mutating func fields(of component: String) -> [String: NaiveField] {
    let total = number(1...20)
    let part = number(0...total)
    switch component {
    case "completion":
      return [
        "total_exercises": .number(Double(total)), "completed_exercises": .number(Double(part)),
        "difficulty": [.text("beginner"), .text("intermediate"), .text("advanced")][number(0...2)],
      ]
    case "quiz":
      var fields: [String: NaiveField] = ["total_questions": .number(Double(total)), "correct_answers": .number(Double(part))]
      if number(0...1) == 0 { fields["time_spent"] = .number(Double(number(0...120))) }
      if number(0...1) == 0 { fields["attempts"] = .number(Double(number(1...12))) }
      return fields
    case "quality":
      let names = ["code_quality_score", "correctness_score", "efficiency_score", "peer_review_score"].shuffled(using: &random)
      return Dictionary(uniqueKeysWithValues: names.prefix(number(1...4)).map { ($0, .number(Double(number(0...100)) / 100)) })
    default:
      return [
        "current_streak": .number(Double(part)), "max_streak": .number(Double(total)),
        "days_since_last_activity": .number(Double(number(0...9))),
      ]
    }
  }
}
