internal import JSON

/// How a student stands in one topic, as answered by `/mastery/query`.
struct StudentTopic: Hashable, Sendable {
  /// The course; nil if the topic belongs to none.
  let course: String?
  /// The names from the wider to the narrower, with `/` between them.
  let topic: String
  let score: Double
  let level: String
  /// Whether there is enough data to speak of mastery.
  let isAssessed: Bool

  /// The topics of which there is enough data come first, the weakest of them first of all; of equal ones, the narrower.
  static func isWeaker(_ left: Self, _ right: Self) -> Bool {
    if left.isAssessed != right.isAssessed { return left.isAssessed }
    if left.score != right.score { return left.score < right.score }
    if left.depth != right.depth { return left.depth > right.depth }
    return (left.course ?? "", left.topic) < (right.course ?? "", right.topic)
  }

  /// The given topics, the weakest first, without the wider ones whose weakness a narrower one explains.
  static func weakestFirst(_ topics: [Self]) -> [Self] {
    topics.sorted(by: isWeaker).reduce(into: []) { found, topic in
      if !found.contains(where: { $0.lies(under: topic) }) { found.append(topic) }
    }
  }

  private var depth: Int { topic.count { $0 == "/" } }

  private func lies(under other: Self) -> Bool { course == other.course && topic.hasPrefix("\(other.topic)/") }
}

extension StudentTopic {
  /// Reads one of the answer's topics; nil if it is not of the expected form.
  init?(_ value: JSONValue) {
    guard let topic = value["topic"]?.string, let score = value["score"]?.number, let level = value["level"]?.string,
      let status = value["status"]?.string
    else { return nil }
    self.init(course: value["course_id"]?.string, topic: topic, score: score, level: level, isAssessed: status == "assessed")
  }
}
