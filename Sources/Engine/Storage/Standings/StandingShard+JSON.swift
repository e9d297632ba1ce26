internal import JSON
internal import MasteryCore

// The stored form of a shard: `{"schema":1,"students":{id:[epoch,revision,at,mastery,level,completion,quiz,quality,consistency, cohort…]},
// "erased":{hash:[epoch,at,stray]}}`. Students who have left have only the first three, and most erasures have no stray life.

extension StandingShard {
  /// The newest schema version that can be read.
  private static let newestReadable: Int64 = 2

  /// Reads a stored shard.
  ///
  /// - Throws: `DocumentFault` if it was written by a later release, or is damaged.
  init(_ value: JSONValue) throws(DocumentFault) {
    try Self.checkSchema(of: value)
    var entries: [StudentID: Entry] = [:]
    for (name, member) in value["students"]?.members ?? value.members {
      guard let student = StudentID(name.string), let entry = Self.entry(member) else { throw .unreadable("students") }
      entries[student] = entry
    }
    var erasures: [String: StandingShard.Erasure] = [:]
    for (hash, member) in value["erased"]?.members ?? value.members {
      var parts = member.elements
      guard let epoch = parts.next()?.integer, let at = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) }) else {
        throw .unreadable("erased")
      }
      let stray = parts.next()
      if let stray, stray.integer == nil { throw .unreadable("erased") }
      erasures[hash.string] = StandingShard.Erasure(epoch: epoch, at: at, stray: stray?.integer)
    }
    self.init(entries: entries, erasures: erasures)
  }

  /// Sums up a stored shard without keeping its students.
  ///
  /// - Parameters:
  ///   - value: The shard.
  ///   - earliest: Older entries are left out.
  ///   - student: A student to leave out, because more is known about them than the shard contains.
  ///   - names: The students who may be named when at risk.
  /// - Returns: The combined standings of its students.
  /// - Throws: `DocumentFault` if it was written by a later release, or is damaged.
  static func sum(
    of value: JSONValue, since earliest: Timestamp, without student: StudentID?, naming names: (StudentID) -> Bool
  ) throws(DocumentFault) -> CohortStandings {
    try checkSchema(of: value)
    var sum = CohortStandings()
    for (name, member) in value["students"]?.members ?? value.members {
      guard let entry = entry(member) else { throw .unreadable("students") }
      guard let standing = entry.counted(since: earliest) else { continue }
      if let student, name.matches(student.text) { continue }
      sum.add(standing.mastery, at: standing.at, StudentID(name.string).flatMap { names($0) ? $0 : nil })
    }
    return sum
  }

  private static func checkSchema(of value: JSONValue) throws(DocumentFault) {
    guard let schema = value["schema"]?.integer, schema >= 1 else { throw .unreadable("schema") }
    guard schema <= newestReadable else { throw .newerSchema(Int(schema)) }
    guard value["students"]?.kind == .object, value["erased"]?.kind == .object else { throw .unreadable("students, erased") }
  }

  private static func entry(_ value: JSONValue) -> Entry? {
    var parts = value.elements
    guard let epoch = parts.next()?.integer, let revision = parts.next()?.integer,
      let at = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) })
    else { return nil }
    let version = DocumentVersion(epoch: epoch, revision: revision)
    guard let score = parts.next() else { return .left(version, at: at) }
    guard let shown = ShownMastery(score: score, then: &parts) else { return nil }
    var cohorts: [CohortID] = []
    while let name = parts.next() {
      guard let cohort = name.string.flatMap(CohortID.init) else { return nil }
      cohorts.append(cohort)
    }
    return .member(Standing(version: version, at: at, mastery: shown, cohorts: cohorts))
  }

  /// The stored form, the same for equal shards.
  var bytes: [UInt8] {
    JSONWriter.object(capacity: 64 + 96 * entries.count) { json in
      json.member("schema", 1)
      json.object("students") { json in
        for (student, entry) in entries.sorted(by: { $0.key < $1.key }) {
          json.member(named: student.text) { Self.write(entry, to: &$0) }
        }
      }
      json.object("erased") { json in
        for (hash, erasure) in erasures.sorted(by: { $0.key < $1.key }) {
          json.member(named: hash) { json in
            json.array { json in
              json.integer(erasure.epoch)
              json.integer(erasure.at.milliseconds)
              if let stray = erasure.stray { json.integer(stray) }
            }
          }
        }
      }
    }
  }

  private static func write(_ entry: Entry, to json: inout JSONWriter) {
    json.array { json in
      json.integer(entry.version.epoch)
      json.integer(entry.version.revision)
      json.integer(entry.at.milliseconds)
      if case .member(let standing) = entry {
        json.elements(of: standing.mastery)
        for cohort in standing.cohorts { json.string(cohort.text) }
      }
    }
  }
}
