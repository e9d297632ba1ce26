internal import JSON

/// Which events of a load wait for a result, and which results were said more than once.
///
/// A result names the events that it rests on. An event that a later one of the same student and component supersedes before it was named is
/// never named; it is done when the later one is.
public struct ResultLedger: Sendable {
  /// What one result said.
  public struct Result: Sendable, Hashable {
    /// The student, from 0 on.
    public var student: Int
    /// The revision of the document.
    public var revision: Int
    /// The events that it names as its causes; of more than 50 only 50.
    public var causes: [Int]

    /// A result made by hand, for tests.
    public init(student: Int, revision: Int, causes: [Int]) {
      (self.student, self.revision, self.causes) = (student, revision, causes)
    }

    /// Reads a message of `mastery.results`; nil if it is none of a load's students.
    public init?(message: [UInt8]) {
      let read = try? JSONDocument.parse(message) { (root) throws(Never) -> Result? in
        guard let data = root["data"], let student = data["student_id"]?.string.flatMap({ EventPlan.student(ofID: $0) }),
          let revision = data["revision"]?.number, let causes = data["caused_by"]
        else { return nil }
        var events: [Int] = []
        for cause in causes.elements {
          if let event = cause.string.flatMap({ EventPlan.event(of: $0) }) { events.append(event) }
        }
        return Result(student: student, revision: Int(revision), causes: events)
      }
      guard let result = read ?? nil else { return nil }
      self = result
    }
  }

  private let plan: EventPlan
  /// The events that wait, by student and component, in their order.
  private var waiting: [[Int]]
  /// The highest revision that was said of each student.
  private var revisions: [Int]
  /// Number of results.
  public private(set) var results = 0
  /// Number of events that are done.
  public private(set) var done = 0
  /// Number of events that wait.
  public private(set) var left = 0
  /// Number of results that said a revision again, or one before.
  public private(set) var repeated = 0

  /// A ledger of a plan's events, none of which waits.
  public init(_ plan: EventPlan) {
    self.plan = plan
    waiting = Array(repeating: [], count: plan.students * EventPlan.Component.allCases.count)
    revisions = Array(repeating: 0, count: plan.students)
  }

  /// Lets an event wait; those of a student and component come in order.
  public mutating func add(_ event: Int) {
    waiting[slot(event)].append(event)
    left += 1
  }

  /// Takes in a result.
  ///
  /// - Returns: The events that are done by it.
  public mutating func take(_ result: Result) -> [Int] {
    results += 1
    if revisions.indices.contains(result.student) {
      if result.revision <= revisions[result.student] { repeated += 1 }
      revisions[result.student] = max(revisions[result.student], result.revision)
    }
    var finished: [Int] = []
    for cause in result.causes where cause >= 0 {
      let slot = slot(cause)
      let count = waiting[slot].prefix { $0 <= cause }.count
      finished += waiting[slot].prefix(count)
      waiting[slot].removeFirst(count)
    }
    done += finished.count
    left -= finished.count
    return finished
  }

  private func slot(_ event: Int) -> Int {
    plan.student(of: event) * EventPlan.Component.allCases.count + plan.component(of: event).rawValue
  }
}
