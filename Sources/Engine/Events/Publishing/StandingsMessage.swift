internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// Standings updates that follow from folds, many students in one message: each message costs a request, and a standing takes about a
/// hundred bytes.
///
/// Students whose standings are in the same shards are grouped. All messages of a school go to one partition, so that one delivery contains
/// the recent updates of all its shards, and each shard is read and written once for it.
enum StandingsMessage {
  private static let type: StaticString = "standings.changed"
  /// A message takes no further student once it holds this many bytes.
  private static let fullSize = 48 << 10

  /// Messages for documents, each with the positions of its documents.
  ///
  /// - Parameters:
  ///   - documents: The documents; one without evidence has no update.
  ///   - now: The time.
  /// - Returns: The messages, grouped by shard.
  static func messages(for documents: [StudentDocument], at now: Timestamp) -> [(event: OutgoingEvent, positions: [Int])] {
    messages(for: documents.enumerated().compactMap { position, document in StandingUpdate(document).map { (position, $0) } }, at: now)
  }

  /// Messages for updates, grouped by shard.
  static func messages(for updates: [StandingUpdate], at now: Timestamp) -> [OutgoingEvent] {
    messages(for: updates.enumerated().map { ($0.offset, $0.element) }, at: now).map(\.event)
  }

  private static func messages(
    for updates: [(position: Int, update: StandingUpdate)], at now: Timestamp
  ) -> [(event: OutgoingEvent, positions: [Int])] {
    var open: [Address: Draft] = [:]
    var full: [(event: OutgoingEvent, positions: [Int])] = []
    for (position, update) in updates {
      let address = Address(school: update.key.school, part: StandingGroup.part(of: update.key))
      open[address, default: Draft()].add(update, of: position)
      if let draft = open[address], draft.size >= fullSize {
        full.append(draft.message(to: address, at: now))
        open[address] = nil
      }
    }
    let rest = open.sorted { $0.key < $1.key }.map { $0.value.message(to: $0.key, at: now) }
    return full + rest
  }

  /// The properties of a message that determine its shards.
  private struct Address: Hashable, Comparable {
    let school: SchoolID?
    let part: Int

    static func < (left: Self, right: Self) -> Bool { (left.school?.text ?? "", left.part) < (right.school?.text ?? "", right.part) }
  }

  private struct Draft {
    private var updates: [[UInt8]] = []
    private var positions: [Int] = []
    private(set) var size = 0

    mutating func add(_ update: StandingUpdate, of position: Int) {
      let bytes = update.bytes
      updates.append(bytes)
      positions.append(position)
      size += bytes.count
    }

    func message(to address: Address, at now: Timestamp) -> (event: OutgoingEvent, positions: [Int]) {
      let name = Array("\(StandingsMessage.type)|".utf8) + updates.joined()
      let bytes = CloudEvent.bytes(id: Digest.uuid(named: name), type: StandingsMessage.type, time: now) { json in
        json.array("updates", of: updates) { $0.raw($1) }
      }
      return (CloudEvent.outgoing(bytes, partitionKey: "school|\(address.school?.text ?? "")"), positions)
    }
  }
}

extension StandingUpdate {
  /// The update in its message form: school, student, epoch, revision, time, mastery, level, the four components (null without evidence),
  /// cohorts and former cohorts.
  ///
  /// Instead of a list of cohorts there may be one name, or null for none. A cohort in the list is its name where the student stands there as in the
  /// school, else a list of its name, mastery, level and components.
  fileprivate var bytes: [UInt8] {
    JSONWriter.array(capacity: 200) { json in
      json.string(key.school?.text)
      json.string(key.student.text)
      json.integer(standing.version.epoch)
      json.integer(standing.version.revision)
      json.integer(standing.at.milliseconds)
      json.elements(of: standing.mastery)
      if cohorts.count > 1 {
        json.array { json in
          for cohort in cohorts { write(cohort, to: &json) }
        }
      } else if let cohort = cohorts.first {
        if cohort.mastery == standing.mastery { json.string(cohort.cohort.text) } else { json.array { write(cohort, to: &$0) } }
      } else {
        json.null()
      }
      for former in formerCohorts { json.string(former.text) }
    }
  }

  private func write(_ cohort: InCohort, to json: inout JSONWriter) {
    guard cohort.mastery != standing.mastery else { return json.string(cohort.cohort.text) }
    json.array { json in
      json.string(cohort.cohort.text)
      json.elements(of: cohort.mastery)
    }
  }

  /// Reads an update from a message; nil if it is not one.
  init?(_ value: JSONValue) {
    var parts = value.elements
    guard let school = parts.next(), let student = parts.next()?.string.flatMap(StudentID.init), let epoch = parts.next()?.integer,
      let revision = parts.next()?.integer, revision > 0, let at = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) }),
      let mastery = ShownMastery(elements: &parts), let named = parts.next(),
      let cohorts = InCohort.all(of: named, standing: mastery)
    else { return nil }
    var former: [CohortID] = []
    while let name = parts.next() {
      guard let cohort = name.string.flatMap(CohortID.init) else { return nil }
      former.append(cohort)
    }
    // An invalid name must not count as a missing one.
    guard school.isNull || school.string.flatMap(SchoolID.init) != nil else { return nil }
    self.init(
      key: StudentKey(school: school.string.flatMap(SchoolID.init), student: student), cohorts: cohorts, formerCohorts: former,
      standing: Standing(version: DocumentVersion(epoch: epoch, revision: revision), at: at, mastery: mastery))
  }
}

extension StandingUpdate.InCohort {
  /// Reads a student's cohorts from a message; nil if they are none.
  fileprivate static func all(of value: JSONValue, standing: ShownMastery) -> [Self]? {
    if value.isNull { return [] }
    guard value.kind == .array else { return Self(value, standing: standing).map { [$0] } }
    var cohorts: [Self] = []
    for element in value.elements {
      guard let cohort = Self(element, standing: standing) else { return nil }
      cohorts.append(cohort)
    }
    return cohorts
  }

  private init?(_ value: JSONValue, standing: ShownMastery) {
    guard value.kind == .array else {
      guard let cohort = value.string.flatMap(CohortID.init) else { return nil }
      self.init(cohort: cohort, mastery: standing)
      return
    }
    var parts = value.elements
    guard let cohort = parts.next()?.string.flatMap(CohortID.init), let mastery = ShownMastery(elements: &parts) else { return nil }
    self.init(cohort: cohort, mastery: mastery)
  }
}
