/// All evidence about a student, topic by topic.
///
/// The record is a join: for the same cutoff, the same observations give equal records in any order, duplication and batching.
public struct EvidenceRecord: Hashable, Sendable {
  /// Maximum number of pairs of course and topic.
  public static let mostTopics = 256

  /// The first day kept individually; it only rises.
  public private(set) var cutoff: Day
  /// The evidence of each topic that has some, sorted.
  public private(set) var topics: [TopicRecord]
  /// For each course, and for none, the cohort named by its latest evidence that names one; sorted by course.
  public private(set) var cohorts: [CohortMembership]
  /// What the days of a topic come to: a setting, not a part of what is stored.
  public var scoring = Scoring.latest

  /// Creates a record without evidence.
  public init(cutoff: Day) {
    self.cutoff = cutoff
    topics = []
    cohorts = []
  }

  /// Creates a record from stored values, or returns nil if topics or cohorts are out of order or too many.
  public init?(cutoff: Day, topics: [TopicRecord], cohorts: [CohortMembership]) {
    guard topics.count <= Self.mostTopics, zip(topics, topics.dropFirst()).allSatisfy({ $0.topic < $1.topic }),
      zip(cohorts, cohorts.dropFirst()).allSatisfy({ $0.course.isBefore($1.course) })
    else { return nil }
    self.cutoff = cutoff
    self.topics = topics
    self.cohorts = cohorts
  }

  /// Whether there is no evidence at all.
  public var isEmpty: Bool { topics.isEmpty }

  /// A number of days that there is not more evidence of.
  var mostDays: Int { topics.indices.reduce(0) { $0 + topics[$1].days.count + topics[$1].baseline.count } }

  /// The first day with evidence from the cutoff on; nil if there is none.
  public var firstDay: Day? { topics.indices.compactMap { topics[$0].days.first?.day }.min() }

  /// The courses that have evidence, sorted.
  public var courses: [CourseID] { parts.compactMap(\.self) }

  /// The courses that have evidence, sorted; nil stands for evidence outside any course.
  var parts: [CourseID?] {
    var parts: [CourseID?] = []
    for index in topics.indices where parts.last != topics[index].topic.course { parts.append(topics[index].topic.course) }
    return parts
  }

  /// Whether the record has evidence of that topic, or room for another topic.
  func hasRoom(for topic: CourseTopic) -> Bool {
    topics.count < Self.mostTopics || position(of: topic).isFound
  }

  /// Merges an observation and returns whether anything changed.
  ///
  /// An observation without evidence changes nothing, not even the cohort.
  @discardableResult
  public mutating func merge(_ observation: Observation) -> Bool {
    !mergeParts(of: observation).isEmpty
  }

  /// Merges an observation and returns the parts of it that were merged.
  mutating func mergeParts(of observation: Observation) -> MergedParts {
    guard !observation.contents.isEmpty else { return [] }
    let (index, isFound) = position(of: observation.topic)
    if !isFound { topics.insert(TopicRecord(topic: observation.topic), at: index) }
    var merged = topics[index].mergeParts(of: observation, cutoff: cutoff)
    if let membership = observation.membership, merge(membership) { merged.insert(.cohort) }
    return merged
  }

  /// Raises the cutoff to `cutoff` and folds the days before it into the baselines; a lower cutoff changes nothing.
  public mutating func raise(cutoff: Day) {
    guard cutoff > self.cutoff else { return }
    self.cutoff = cutoff
    for index in topics.indices { topics[index].raise(cutoff: cutoff) }
  }

  /// Whether one of the given parts of an observation is current: on its day, in the baseline, or as the cohort.
  func holds(_ parts: MergedParts, of observation: Observation) -> Bool {
    if parts.contains(.cohort), let membership = observation.membership, cohorts.contains(membership) { return true }
    let (index, isFound) = position(of: observation.topic)
    return isFound && topics[index].holds(parts, of: observation, cutoff: cutoff)
  }

  private mutating func merge(_ membership: CohortMembership) -> Bool {
    let index = cohorts.firstIndex { !$0.course.isBefore(membership.course) } ?? cohorts.endIndex
    if index < cohorts.endIndex, cohorts[index].course == membership.course {
      guard cohorts[index] < membership else { return false }
      cohorts[index] = membership
    } else {
      cohorts.insert(membership, at: index)
    }
    return true
  }

  /// Where a topic is, or belongs, among the topics.
  private func position(of topic: CourseTopic) -> (index: Int, isFound: Bool) {
    var low = topics.startIndex
    var high = topics.endIndex
    while low < high {
      let middle = (low + high) / 2
      if topics[middle].topic < topic { low = middle + 1 } else { high = middle }
    }
    return (low, low < topics.endIndex && topics[low].topic == topic)
  }
}
