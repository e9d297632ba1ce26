/// One pass over the evidence of a student, or of some courses, day by day.
///
/// It visits all topics side by side, so that each day's components are known without looking back.
struct ScoreWalk {
  /// A day that has evidence of some topic.
  struct ActiveDay {
    let day: Day
    let offset: UTCOffset
    /// True for each component of which the day has evidence.
    var components = ComponentValues<Bool>()
  }

  /// The days with evidence, in order; those on which everything was taken back are left out.
  let activeDays: [ActiveDay]

  private let record: EvidenceRecord
  /// The topics that count, in their order.
  private let topics: [Int]
  /// What the evidence of each topic comes to so far.
  private var runs: [ComponentValues<ScoreRun>]
  /// The first day of each topic that has not been visited.
  private var next: [Int]
  /// The number of active days that have been visited.
  private var visited = 0
  private var active = ActiveDays()

  /// Begins before the first day that is kept.
  ///
  /// - Parameters:
  ///   - record: The evidence.
  ///   - scope: Whose evidence counts.
  ///   - today: The last day of whose evidence anything is known; nil if there is none such.
  init(_ record: EvidenceRecord, _ scope: EvidenceScope, asOf today: Day? = nil) {
    self.record = record
    topics = record.indices(of: scope)
    next = topics.map { _ in 0 }
    runs = topics.map { record.topics[$0].earlierRuns(asOf: today) }
    activeDays = Self.activeDays(record, topics, scope)
  }

  /// Ends with a day.
  init(through today: Day, _ record: EvidenceRecord, _ scope: EvidenceScope) {
    self.init(record, scope, asOf: today)
    visit(through: today)
  }

  /// Whether nothing is known so far.
  var isEmpty: Bool { runs.allSatisfy(\.isEmpty) }

  /// The components so far, without derived consistency.
  var given: ComponentValues<Score> {
    guard topics.count > 1 else { return runs.first?.scores(by: record.scoring) ?? ComponentValues() }
    var means = TopicMeans()
    for (index, topic) in topics.enumerated() { means.add(runs[index].scores(by: record.scoring), of: record.topics[topic].topic) }
    return means.scores
  }

  /// The components so far.
  var components: ComponentValues<Score> {
    var scores = given
    if scores.consistency == nil { scores.consistency = active.consistency }
    return scores
  }

  /// The days of the evidence in force.
  var daysInForce: Set<Day> {
    runs.reduce(into: []) { days, runs in days.formUnion(runs.map(\.value.latestDay)) }
  }

  /// Visits the days up to and including `last`, and returns whether one of them is an active one.
  @discardableResult
  mutating func visit(through last: Day) -> Bool {
    for (index, topic) in topics.enumerated() {
      while next[index] < record.topics[topic].days.endIndex, record.topics[topic].days[next[index]].day <= last {
        record.topics[topic].add(day: next[index], to: &runs[index])
        next[index] += 1
      }
    }
    let before = visited
    while visited < activeDays.endIndex, activeDays[visited].day <= last {
      active.append(activeDays[visited].day, activeDays[visited].offset)
      visited += 1
    }
    return visited > before
  }

  private static func activeDays(_ record: EvidenceRecord, _ topics: [Int], _ scope: EvidenceScope) -> [ActiveDay] {
    var days: [ActiveDay] = []
    record.forEachActiveDay(of: scope) { days.append(ActiveDay(day: $0, offset: $1)) }
    for topic in topics {
      var place = 0
      for index in record.topics[topic].days.indices where record.topics[topic].days[index].isActive {
        let day = record.topics[topic].days[index].day
        while days[place].day < day { place += 1 }
        record.topics[topic].days[index].mark(&days[place].components)
      }
    }
    return days
  }
}
