extension EvidenceRecord {
  /// The scores of the topics that have evidence, and of the wider topics above them, by course and path.
  ///
  /// - Parameters:
  ///   - scope: Whether all courses count, or only some.
  ///   - path: The topic that they must be, or lie under; nil for all of them.
  ///   - day: The day at whose end they are seen, or nil for now.
  /// - Returns: The score of each topic, consistency aside.
  public func topicScores(of scope: EvidenceScope = .student, within path: TopicPath? = nil, asOf day: Day? = nil) -> [TopicScore] {
    var assessments: [CourseTopic: [TopicAssessment]] = [:]
    for index in indices(of: scope) {
      guard let own = topics[index].topic.topic, let assessment = TopicAssessment(topics[index], by: scoring, asOf: day) else { continue }
      var level: TopicPath? = own
      while let each = level, path.map({ each.isWithin($0) }) ?? true {
        assessments[CourseTopic(course: topics[index].topic.course, topic: each), default: []].append(assessment)
        level = each.parent
      }
    }
    return assessments.sorted { $0.key < $1.key }.compactMap { TopicAssessment.score(of: $0.key, $0.value) }
  }

  /// For each component the course and topic in which the student could gain most; none where no evidence names a course or a topic.
  public func targets(of scope: EvidenceScope = .student, asOf day: Day? = nil) -> ComponentValues<CourseTopic> {
    var targets = ComponentValues<CourseTopic>()
    // Without courses and topics there is nothing to name.
    guard topics.contains(where: { $0.topic != .none }) else { return targets }
    let scored = indices(of: scope).map { (topics[$0].topic, topics[$0].scores(asOf: day, by: scoring)) }
    for component in Component.allCases {
      let having = scored.compactMap { topic, scores in scores[component].map { (topic: topic, score: $0.value) } }
      let topicsOfCourse = Dictionary(grouping: having, by: \.topic.course).mapValues(\.count)
      // The share of a topic is one of its course's topics; of equal gains `max` takes the first one.
      let gains = having.map { (topic: $0.topic, gain: (1 - $0.score) / Double(topicsOfCourse[$0.topic.course] ?? 1)) }
      if let most = gains.max(by: { $0.gain < $1.gain }), most.topic != .none { targets[component] = most.topic }
    }
    return targets
  }

  /// The time of the latest evidence or membership, what was taken back included; nil if there is none.
  var latestTimestamp: Timestamp? {
    (topics.map(\.latestTimestamp) + cohorts.map(\.timestamp)).max()
  }
}

/// What the evidence of one topic comes to, and how much of it there is.
private struct TopicAssessment {
  private let components: ComponentValues<Score>
  private let score: Double
  private let items: Int
  private let days: Set<Day>
  private let lastUpdated: Timestamp

  /// Assesses a topic; nil if nothing but consistency is known of it.
  init?(_ record: TopicRecord, by scoring: Scoring, asOf day: Day?) {
    var components = record.scores(asOf: day, by: scoring)
    components.consistency = nil
    guard let score = TopicScore.score(of: components) else { return nil }
    self.components = components
    self.score = score
    var (items, days, lastUpdated) = (0, Set<Day>(), Timestamp(milliseconds: .min))
    record.forEachEvidence(asOf: day) { component, evidence in
      guard component != .consistency, !evidence.isRetracted else { return }
      items = Self.sum(items, evidence.content.items)
      days.insert(evidence.day)
      lastUpdated = max(lastUpdated, evidence.timestamp)
    }
    (self.items, self.days, self.lastUpdated) = (items, days, lastUpdated)
  }

  /// The score of a topic out of those of all that lies under it.
  static func score(of key: CourseTopic, _ parts: [Self]) -> TopicScore? {
    guard let topic = key.topic, let lastUpdated = parts.map(\.lastUpdated).max() else { return nil }
    var components = ComponentValues<Score>()
    for component in Component.allCases {
      let known = parts.compactMap { $0.components[component]?.value }
      if !known.isEmpty { components[component] = Score(clamping: known.reduce(0, +) / Double(known.count)) }
    }
    let items = parts.reduce(0) { Self.sum($0, $1.items) }
    let days = parts.reduce(into: Set<Day>()) { $0.formUnion($1.days) }
    return TopicScore(
      course: key.course, topic: topic, components: components, score: parts.reduce(0) { $0 + $1.score } / Double(parts.count),
      status: items < TopicScore.leastItems && days.count < TopicScore.leastDays ? .notEnoughData : .assessed, lastUpdated: lastUpdated)
  }

  /// A sum of counts, which may be as large as their type allows.
  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflows) = left.addingReportingOverflow(right)
    return overflows ? .max : sum
  }
}
