/// A part of a cohort's standings: the latest that is known of each of its students.
///
/// Merging is a join: in any order, with any repetition, the same results make the same shard.
public struct StandingShard: Hashable, Sendable {
  /// What is known of a student.
  public enum Entry: Hashable, Sendable {
    /// The student is in the cohort and stands so.
    case member(Standing)
    /// The student has left the cohort, by the revision made at that time.
    case left(DocumentVersion, at: Timestamp)

    /// The revision that speaks.
    public var version: DocumentVersion {
      switch self {
      case .member(let standing): standing.version
      case .left(let version, _): version
      }
    }

    /// The cohorts that it names beside.
    public var cohorts: [CohortID] {
      if case .member(let standing) = self { standing.cohorts } else { [] }
    }

    /// When that revision was made.
    public var at: Timestamp {
      switch self {
      case .member(let standing): standing.at
      case .left(_, let at): at
      }
    }
  }

  /// The life that an erased student's data must be of to be taken in again, and when that was known.
  public struct Erasure: Hashable, Sendable {
    /// The first life after the erasure.
    public let epoch: Int64
    /// When the student was erased.
    public let at: Timestamp
    /// An erased life that is numbered above `epoch`; nil where there is none.
    ///
    /// A clock far ahead began it, and its document could not be read when it was erased.
    public let stray: Int64?

    /// Remembers an erasure.
    public init(epoch: Int64, at: Timestamp, stray: Int64? = nil) {
      self.epoch = epoch
      self.at = at
      self.stray = stray.flatMap { $0 > epoch ? $0 : nil }
    }

    /// Whether what is of that life was erased.
    public func covers(_ life: Int64) -> Bool { life < epoch || life == stray }

    /// What two erasures of a student have erased together.
    fileprivate func joined(with other: Self) -> Self {
      let last = epoch < other.epoch ? other : self
      return Self(epoch: last.epoch, at: last.at, stray: [stray, other.stray].compactMap(\.self).max())
    }
  }

  /// The students.
  public private(set) var entries: [StudentID: Entry]
  /// Those who were erased, by hashes of their ids.
  public private(set) var erasures: [String: Erasure]

  /// Holds what was stored.
  public init(entries: [StudentID: Entry] = [:], erasures: [String: Erasure] = [:]) {
    self.entries = entries
    self.erasures = erasures
  }

  /// Takes in what a result says of a student, unless something later is known.
  ///
  /// - Parameters:
  ///   - entry: What the result says.
  ///   - student: Of whom.
  ///   - hash: Makes the hash of an id; asked only where there are erasures.
  /// - Returns: Whether that changed anything.
  @discardableResult
  public mutating func merge(_ entry: Entry, of student: StudentID, hash: (StudentID) -> String) -> Bool {
    if let known = entries[student], known.version > entry.version || known == entry { return false }
    if !erasures.isEmpty, let erasure = erasures[hash(student)], erasure.covers(entry.version.epoch) { return false }
    entries[student] = entry
    return true
  }

  /// Takes a student out for good: whatever is of a life that the erasure covers comes in no more.
  ///
  /// - Returns: Whether that changed anything.
  @discardableResult
  public mutating func erase(_ student: StudentID, hash: String, _ erasure: Erasure) -> Bool {
    var isChanged = false
    if let known = entries[student], erasure.covers(known.version.epoch) {
      entries[student] = nil
      isChanged = true
    }
    let joined = erasures[hash].map { $0.joined(with: erasure) } ?? erasure
    guard joined != erasures[hash] else { return isChanged }
    erasures[hash] = joined
    return true
  }

  /// Forgets a student of whom there is no document any more.
  public mutating func remove(_ student: StudentID) { entries[student] = nil }

  /// Drops what is from before `earliest`.
  ///
  /// Erasures stay a year longer, so that nobody comes back where the clock that says what is too old is a year ahead.
  public mutating func expire(before earliest: Timestamp) {
    entries = entries.filter { $0.value.at >= earliest }
    let yearEarlier = earliest.adding(milliseconds: -366 * 86_400_000)
    erasures = erasures.filter { $0.value.at >= yearEarlier }
  }
}
