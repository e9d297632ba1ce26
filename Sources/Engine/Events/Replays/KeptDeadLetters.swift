public import DaprClient
internal import JSON
public import MasteryCore

/// The kept dead letters: reads them, publishes their events again, and finds out what became of those.
///
/// A letter is marked as replayed by the save of the value that holds it, after its event was published. A crash in between, or two
/// operators at once, publish an event twice; it is the same event, so the second one changes nothing.
public struct KeptDeadLetters: Sendable {
  /// Whose letters are meant.
  public enum Scope: Sendable, Hashable {
    /// Those of all schools, of data without a school, and of nobody.
    case all
    /// Those of one school, or of data without one; never those of nobody.
    case school(SchoolID?)
    /// Those whose student or school cannot be read.
    case unowned
  }

  /// Letters that were found.
  public struct Found: Sendable {
    /// The letters, the latest failures first.
    public var letters: [KeptDeadLetter] = []
    /// Whether these are all; if not, there are more than are read at once.
    public var isComplete = true
  }

  /// Maximum number of letters that are found at once.
  public static let mostFound = 20_000

  let store: StudentStore
  let runtime: Runtime
  /// Deadline and trace of the calls.
  let context: CallContext

  init(store: StudentStore, runtime: Runtime, context: CallContext) {
    self.store = store
    self.runtime = runtime
    self.context = context
  }

  /// Creates access to the letters through a sidecar.
  ///
  /// - Parameters:
  ///   - sidecar: The sidecar in front of the state store and the broker.
  ///   - configuration: The configuration of the service.
  ///   - runtime: The clock, sleeping and randomness.
  public init(sidecar: any Sidecar, _ configuration: Configuration, runtime: Runtime) {
    self.init(
      store: StudentStore(
        sidecar: sidecar, retentionDays: configuration.retentionDays, calendars: configuration.calendars, scoring: configuration.scoring),
      runtime: runtime, context: CallContext(deadline: 10_000))
  }

  var logs: SegmentedLogStore { SegmentedLogStore(sidecar: store.sidecar) }

  // MARK: Reading

  /// Finds letters.
  ///
  /// - Parameters:
  ///   - filter: Which letters are meant.
  ///   - scope: Whose letters are meant.
  /// - Returns: The letters.
  /// - Throws: `SidecarFailure` if the store gives no answer.
  public func found(_ filter: DeadLetterFilter, of scope: Scope) async throws(SidecarFailure) -> Found {
    var found = Found()
    try await logs.survey(try await lists(of: scope, filter.student), now: runtime.now(), context: context) { log, records in
      for record in records {
        guard let letter = KeptDeadLetter(record, in: log), Self.isOwn(letter, scope), filter.takes(letter) else { continue }
        guard found.letters.count < Self.mostFound else {
          found.isComplete = false
          return false
        }
        found.letters.append(letter)
      }
      return true
    }
    found.letters.sort { ($1.failedAt, $1.id) < ($0.failedAt, $0.id) }
    return found
  }

  /// Reads letters as they are stored, each as the JSON text of a `FailedEvent`, with the original as `event` where that is a JSON object.
  ///
  /// - Parameters:
  ///   - letters: The letters.
  ///   - take: Receives a letter and its text; letters that are not kept any more are left out.
  /// - Throws: `SidecarFailure` if the store gives no answer.
  public func read(_ letters: [KeptDeadLetter], _ take: (KeptDeadLetter, [UInt8]) -> Void) async throws(SidecarFailure) {
    for (log, wanted) in Self.byList(letters) {
      var left = wanted
      try await logs.survey([log], now: runtime.now(), context: context) { _, records in
        for record in records { if let letter = left.removeValue(forKey: record.id) { take(letter, Self.shown(record)) } }
        return !left.isEmpty
      }
    }
  }

  /// The lists that hold the letters of a scope, or only those of one student.
  private func lists(of scope: Scope, _ student: StudentID?) async throws(SidecarFailure) -> [SegmentedLog] {
    func lists(of schools: [SchoolID?]) -> [SegmentedLog] {
      schools.flatMap { school in
        student.map { [DeadLetterStore.bucket(of: StudentKey(school: school, student: $0))] } ?? DeadLetterStore.buckets(of: school)
      }
    }
    switch scope {
    case .unowned: return [DeadLetterStore.unowned]
    case .school(let school): return lists(of: [school])
    case .all:
      let schools = try await DeadLetterSchools(sidecar: store.sidecar).all(context)
      return lists(of: [nil] + schools) + [DeadLetterStore.unowned]
    }
  }

  /// A list of a school holds no other letters; it is looked at all the same, because a mistake would show them to another school.
  private static func isOwn(_ letter: KeptDeadLetter, _ scope: Scope) -> Bool {
    switch scope {
    case .all: true
    case .school(let school): letter.owner.map { $0.school == school } ?? false
    case .unowned: letter.owner == nil
    }
  }

  /// Letters by list and by their name in it, the lists in order of their keys.
  static func byList(_ letters: [KeptDeadLetter]) -> [(log: SegmentedLog, letters: [String: KeptDeadLetter])] {
    Dictionary(grouping: letters, by: \.name.log).sorted { $0.key.key < $1.key.key }.map { log, letters in
      (log, Dictionary(letters.map { ($0.name.recordID, $0) }) { first, _ in first })
    }
  }

  private static func shown(_ record: StoredRecord) -> [UInt8] {
    let original = KeptDeadLetter.original(in: record)
    let shown = try? JSONDocument.parse(record.json) { (root) throws(Never) in
      JSONWriter.object(capacity: 2 * record.json.count) { json in
        for (name, value) in root.members { json.member(name, value) }
        original.withUnsafeBufferPointer { bytes in
          try? JSONDocument.parseTolerantly(UnsafeRawBufferPointer(bytes)) { (event) throws(Never) in
            if event.kind == .object { json.member("event", event) }
          }
        }
      }
    }
    return shown ?? record.json
  }
}
