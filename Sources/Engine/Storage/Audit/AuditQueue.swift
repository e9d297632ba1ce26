internal import MasteryCore

/// Accesses that wait to be written to students' trails, with the number of records per caller.
struct AuditQueue {
  /// Maximum number of waiting records; above it, no request is started.
  static let limit = 20_000

  /// A waiting access.
  struct Entry: Sendable {
    let record: StoredRecord
    let source: AuditSource
    /// Whether the answer showed that data about the student is stored, even without a document.
    let isOfStored: Bool
  }

  /// The waiting accesses to one student's data.
  struct Waiting: Sendable {
    var entries: [Entry] = []
    /// The first piece of the trail that may already hold some of them.
    var since: Int?
  }

  private(set) var count = 0
  private var waiting: [StudentKey: Waiting] = [:]
  /// The students with waiting records that are not being written, the longest waiting first.
  private var order: [StudentKey] = []
  /// Number of records waiting, or still expected from running requests, per source.
  private var shares: [AuditSource: Int] = [:]

  /// Whether the queue is too full to start a request.
  var isFull: Bool { count >= Self.limit }
  /// Whether no student is waiting.
  var isEmpty: Bool { order.isEmpty }

  // MARK: Shares

  /// Reserves room for the records of a caller's request, unless the caller has used up its share.
  ///
  /// Half of the room is shared among the present callers, so that new callers find room too.
  ///
  /// - Returns: Whether there is room.
  mutating func reserve(_ number: Int, for source: AuditSource) -> Bool {
    let taken = shares[source, default: 0]
    guard taken == 0 || taken + number <= Self.limit / 2 / shares.count else { return false }
    shares[source] = taken + number
    return true
  }

  /// Releases reserved room, or the room of a settled record.
  mutating func release(_ number: Int, of source: AuditSource) {
    guard let taken = shares[source] else { return }
    shares[source] = taken > number ? taken - number : nil
  }

  // MARK: Records

  /// Adds an access; its room is already reserved, or taken regardless of the share.
  mutating func add(_ entry: Entry, of student: StudentKey) {
    if waiting[student] == nil { order.append(student) }
    waiting[student, default: Waiting()].entries.append(entry)
    shares[entry.source, default: 0] += 1
    count += 1
  }

  /// The next students to write, with their waiting accesses.
  mutating func next(_ number: Int) -> [(student: StudentKey, waiting: Waiting)] {
    let turns = order.prefix(number)
    order.removeFirst(turns.count)
    return turns.compactMap { student in waiting[student].map { (student, $0) } }
  }

  /// Removes the first records of a student, which need no further writing.
  mutating func settle(_ number: Int, of student: StudentKey) {
    guard let entries = waiting[student]?.entries else { return }
    for entry in entries.prefix(number) { release(1, of: entry.source) }
    count -= min(number, entries.count)
    if entries.count <= number {
      waiting[student] = nil
    } else {
      waiting[student]?.entries.removeFirst(number)
      waiting[student]?.since = nil
      order.append(student)
    }
  }

  /// Returns a student's records to the queue.
  mutating func postpone(_ student: StudentKey, since: Int?) {
    waiting[student]?.since = since
    order.append(student)
  }
}
