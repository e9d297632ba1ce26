internal import MasteryCore

/// Accesses that wait to be written into students' trails, with what each caller has brought of them.
struct AuditQueue {
  /// Most records that may wait; beyond, no request is begun.
  static let limit = 20_000

  /// An access that waits.
  struct Entry: Sendable {
    let record: StoredRecord
    let source: AuditSource
    /// Whether the answer showed that something is stored of the student, even without a document.
    let isOfStored: Bool
  }

  /// The accesses to one student's data that wait.
  struct Waiting: Sendable {
    var entries: [Entry] = []
    /// The first piece of the trail that may hold some of them already.
    var since: Int?
  }

  private(set) var count = 0
  private var waiting: [StudentKey: Waiting] = [:]
  /// The students that records wait for and whose turn it is not, the longest waiting first.
  private var order: [StudentKey] = []
  /// Records that wait, and those that requests in work may still bring.
  private var shares: [AuditSource: Int] = [:]

  /// Whether so much waits that no request is to be begun.
  var isFull: Bool { count >= Self.limit }
  /// Whether nobody's turn is to come.
  var isEmpty: Bool { order.isEmpty }

  // MARK: Shares

  /// Sets room aside for what a caller's request brings, unless the caller has used up its share.
  ///
  /// Half of the room is shared among those who are there, so that there is room for whoever comes next.
  ///
  /// - Returns: Whether there is room.
  mutating func reserve(_ number: Int, for source: AuditSource) -> Bool {
    let taken = shares[source, default: 0]
    guard taken == 0 || taken + number <= Self.limit / 2 / shares.count else { return false }
    shares[source] = taken + number
    return true
  }

  /// Gives back room that was set aside, or that a record had that is settled.
  mutating func release(_ number: Int, of source: AuditSource) {
    guard let taken = shares[source] else { return }
    shares[source] = taken > number ? taken - number : nil
  }

  // MARK: Records

  /// Adds an access; its room is set aside already, or taken whatever the share is.
  mutating func add(_ entry: Entry, of student: StudentKey) {
    if waiting[student] == nil { order.append(student) }
    waiting[student, default: Waiting()].entries.append(entry)
    shares[entry.source, default: 0] += 1
    count += 1
  }

  /// The students whose turn it is, with what waits for them.
  mutating func next(_ number: Int) -> [(student: StudentKey, waiting: Waiting)] {
    let turns = order.prefix(number)
    order.removeFirst(turns.count)
    return turns.compactMap { student in waiting[student].map { (student, $0) } }
  }

  /// Takes the first records of a student out, since they need no further writing.
  mutating func settle(_ number: Int, of student: StudentKey) {
    guard let entries = waiting[student]?.entries else { return }
    for entry in entries.prefix(number) { release(1, of: entry.source) }
    count -= min(number, entries.count)
    waiting[student]?.entries.removeFirst(min(number, entries.count))
    waiting[student]?.since = nil
    if entries.count <= number { waiting[student] = nil } else { order.append(student) }
  }

  /// Lets a student's records wait for another turn.
  mutating func postpone(_ student: StudentKey, since: Int?) {
    waiting[student]?.since = since
    order.append(student)
  }
}

/// Who brings accesses: records of one must not turn the requests of others away.
struct AuditSource: Hashable, Sendable {
  let subject: String
  let role: String
  /// The schools that the caller could name, not the one that it does: naming another would be a way to a second share.
  let schools: SchoolScope

  /// A caller as a source.
  init(_ caller: Caller) { (subject, role, schools) = (caller.subject, caller.role.rawValue, caller.schools) }

  /// The user of a record as a source.
  init(_ record: AuditRecord) { (subject, role, schools) = (record.userID, record.userRole, .none) }
}
