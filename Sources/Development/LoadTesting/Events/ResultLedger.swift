internal import JSON

/// Which events the results of a load have named, and which results were said more than once.
public struct ResultLedger: Sendable {
  /// What one result said.
  public struct Result: Sendable, Hashable {
    /// The student, from 0 on.
    public var student: Int
    /// The revision of the document.
    public var revision: Int
    /// The events that it names as its causes.
    public var causes: [Int]
    /// How many causes there were; more than are named if there were over 50.
    public var causeCount: Int

    /// A result made by hand, for tests.
    public init(student: Int, revision: Int, causes: [Int], causeCount: Int) {
      (self.student, self.revision, self.causes, self.causeCount) = (student, revision, causes, causeCount)
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
        let count = data["caused_by_count"]?.number.map { Int($0) } ?? events.count
        return Result(student: student, revision: Int(revision), causes: events, causeCount: count)
      }
      guard let result = read ?? nil else { return nil }
      self = result
    }
  }

  /// Bits of the events that were named, 64 in a word.
  private var named: [UInt64] = []
  /// The highest revision that was said of each student.
  private var revisions: [Int]
  /// Number of results.
  public private(set) var results = 0
  /// Number of events that were named.
  public private(set) var events = 0
  /// Number of results that said a revision again, or one before.
  public private(set) var repeated = 0
  /// Number of causes that were counted but not named.
  public private(set) var unnamed = 0

  /// A ledger of so many students.
  public init(students: Int) { revisions = Array(repeating: 0, count: students) }

  /// Takes in a result.
  ///
  /// - Returns: The events that no result had named before.
  public mutating func take(_ result: Result) -> [Int] {
    results += 1
    unnamed += max(0, result.causeCount - result.causes.count)
    if revisions.indices.contains(result.student) {
      if result.revision <= revisions[result.student] { repeated += 1 }
      revisions[result.student] = max(revisions[result.student], result.revision)
    }
    let new = result.causes.filter { mark($0) }
    events += new.count
    return new
  }

  /// Whether a result has named an event.
  public func hasNamed(_ event: Int) -> Bool {
    event >= 0 && event / 64 < named.count && named[event / 64] & (1 << UInt64(event % 64)) != 0
  }

  private mutating func mark(_ event: Int) -> Bool {
    guard event >= 0, !hasNamed(event) else { return false }
    if event / 64 >= named.count { named.append(contentsOf: repeatElement(0, count: max(event / 64 + 1 - named.count, named.count))) }
    named[event / 64] |= 1 << UInt64(event % 64)
    return true
  }
}
