/// Part of a cohort's standings: the latest known entry for each of its students.
///
/// Merging is a join: the same results make the same shard, in any order and with any repetition.
public struct StandingShard: Hashable, Sendable {
  /// The latest known state of a student in the cohort.
  public enum Entry: Hashable, Sendable {
    /// The student is in the cohort with this standing.
    case member(Standing)
    /// The student left the cohort in this revision, made at this time.
    case left(DocumentVersion, at: Timestamp)

    /// The standing, if it counts in the numbers of the cohort: it is not older than `earliest`, and not all of the student was taken back, which leaves
    /// no component.
    public func counted(since earliest: Timestamp) -> Standing? {
      guard case .member(let standing) = self, standing.at >= earliest, !standing.mastery.components.isEmpty else { return nil }
      return standing
    }

    /// The revision that the entry comes from.
    public var version: DocumentVersion {
      switch self {
      case .member(let standing): standing.version
      case .left(let version, _): version
      }
    }

    /// The other cohorts that the entry names.
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

  /// The first life accepted again after a student's erasure, and when the erasure was recorded.
  public struct Erasure: Hashable, Sendable {
    /// The first life after the erasure.
    public let epoch: Int64
    /// When the student was erased.
    public let at: Timestamp
    /// An erased life that is numbered above `epoch`; nil if there is none.
    ///
    /// A clock far ahead started it, and its document could not be read at the time of the erasure.
    public let stray: Int64?

    /// Creates a record of an erasure.
    public init(epoch: Int64, at: Timestamp, stray: Int64? = nil) {
      self.epoch = epoch
      self.at = at
      self.stray = stray.flatMap { $0 > epoch ? $0 : nil }
    }

    /// Whether the erasure covers data of that life.
    public func covers(_ life: Int64) -> Bool { life < epoch || life == stray }

    /// The union of two erasures of the same student.
    fileprivate func joined(with other: Self) -> Self {
      let last = epoch < other.epoch ? other : self
      return Self(epoch: last.epoch, at: last.at, stray: [stray, other.stray].compactMap(\.self).max())
    }
  }

  /// The latest entry of each student.
  public private(set) var entries: [StudentID: Entry]
  /// Erased students, by the hash of their id.
  public private(set) var erasures: [String: Erasure]

  /// Creates a shard from stored values.
  public init(entries: [StudentID: Entry] = [:], erasures: [String: Erasure] = [:]) {
    self.entries = entries
    self.erasures = erasures
  }

  /// Merges a student's entry, unless a later one is known.
  ///
  /// - Parameters:
  ///   - entry: The entry from a result.
  ///   - student: The student.
  ///   - hash: Hashes an id; called only if there are erasures.
  /// - Returns: Whether anything changed.
  @discardableResult
  public mutating func merge(_ entry: Entry, of student: StudentID, hash: (StudentID) -> String) -> Bool {
    if let known = entries[student], known.version > entry.version || known == entry { return false }
    if !erasures.isEmpty, let erasure = erasures[hash(student)], erasure.covers(entry.version.epoch) { return false }
    entries[student] = entry
    return true
  }

  /// Removes a student for good: entries of a life that the erasure covers are rejected from now on.
  ///
  /// - Returns: Whether anything changed.
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

  /// Removes a student whose document no longer exists.
  public mutating func remove(_ student: StudentID) { entries[student] = nil }

  /// Drops entries older than `earliest`.
  ///
  /// Erasures are kept a year longer, so that no erased student comes back if the clock that decides expiry runs up to a year ahead.
  public mutating func expire(before earliest: Timestamp) {
    entries = entries.filter { $0.value.at >= earliest }
    let yearEarlier = earliest.adding(milliseconds: -366 * 86_400_000)
    erasures = erasures.filter { $0.value.at >= yearEarlier }
  }
}
