internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// The schools in which students of an id are to be forgotten, by hash of the id: a message that names a student without a known school is
/// checked against the documents of all students it may mean.
///
/// A school is noted before its student's document changes, and stays noted: the document decides.
struct ForgottenNames: Sendable {
  /// Maximum number of schools remembered for one id; the oldest are removed first.
  private static let most = 1_000
  /// Number of notes read in one request.
  private static let atOnce = 500

  let store: StudentStore

  /// The note of one id: for each school, empty for data without one, the time of the note; nil while consent is withdrawn.
  fileprivate struct Note: Sendable {
    var schools: [String: Timestamp?] = [:]
  }

  private static func key(of student: StudentID) -> String {
    "forgotten:\(Digest.sha256(Array(student.text.utf8)).prefix(32))"
  }

  // MARK: Writing

  /// Notes that a student is to be forgotten.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - moment: When that was requested.
  ///   - isForGood: Whether it holds until the student says otherwise, and not only for earlier events.
  ///   - isWritten: Whether it is written even if it is already noted, so that no other change of the note that has begun can be saved.
  ///   - runtime: Sleeps between tries.
  ///   - context: Deadline and trace.
  /// - Throws: `Problem` if the store does not accept it.
  func note(
    _ key: StudentKey, at moment: Timestamp, isForGood: Bool, isWritten: Bool = false, runtime: Runtime, context: CallContext
  ) async throws(Problem) {
    try await change(key, runtime, context) { (known) throws(SidecarFailure) in
      if !isWritten, let known, known.map({ $0 >= moment && !isForGood }) ?? true { return nil }
      return .some(isForGood ? nil : moment)
    }
  }

  /// Notes that a student's consent is given again, so that the note expires in time.
  ///
  /// It is called once the document with the consent is saved, and reads the document after the note. A withdrawal writes the note anew
  /// after its document. So if one comes in between, either its document is found here, or this change conflicts with its note.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - moment: When the consent was given.
  ///   - runtime: Sleeps between tries.
  ///   - context: Deadline and trace.
  /// - Throws: `Problem` if the store does not accept it.
  func noteConsent(of key: StudentKey, at moment: Timestamp, runtime: Runtime, context: CallContext) async throws(Problem) {
    try await change(key, runtime, context) { (known) throws(SidecarFailure) in
      guard let known, known == nil else { return nil }
      guard try await store.document(of: key, context: context)?.ledger.isConsentWithdrawn != true else { return nil }
      return .some(moment)
    }
  }

  /// Changes the note about a student's school, again if another writer was faster.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - runtime: Sleeps between tries.
  ///   - context: Deadline and trace.
  ///   - changed: The new time for the one that is noted, if any; nil if the note stays as it is.
  /// - Throws: `Problem` if the store does not accept it.
  private func change(
    _ key: StudentKey, _ runtime: Runtime, _ context: CallContext, _ changed: (Timestamp??) async throws(SidecarFailure) -> Timestamp??
  ) async throws(Problem) {
    let school = key.school?.text ?? ""
    try await runtime.storing { () async throws(SidecarFailure) -> Void? in
      var (note, condition) = try await standing(key.student, context)
      guard let new = try await changed(note.schools[school]) else { return () }
      note.schools.updateValue(new, forKey: school)
      try await store.sidecar.save([saving(note, of: key.student, condition)], context: context)
      return ()
    }
  }

  private func standing(
    _ student: StudentID, _ context: CallContext
  ) async throws(SidecarFailure) -> (note: Note, condition: SaveItem.Condition) {
    let key = Self.key(of: student)
    switch try await store.sidecar.load([key], context: context, decode: { _, value in Note(value) }).first?.state {
    case .missing: return (Note(), .absent)
    case .value(let note, let etag): return (note, .matches(etag))
    case .unreadable(_, let etag): return (Note(), .replacing(unreadable: etag))
    case .failed(let why): throw .unread(why)
    case nil: throw .unread("a key was not answered")
    }
  }

  private func saving(_ note: Note, of student: StudentID, _ condition: SaveItem.Condition) -> SaveItem {
    let daysToLive = max(store.retentionDays, 30)
    // No entry expires by its time: one wrong clock must not remove what others have noted.
    let latest = note.schools.sorted { ($0.value ?? .latest, $0.key) > ($1.value ?? .latest, $1.key) }.prefix(Self.most)
    let isForGood = latest.contains { $0.value == nil }
    let json = JSONWriter.object { json in
      json.member("schema", 1)
      json.object("schools") { json in
        for (school, moment) in latest {
          json.member(named: school, moment?.milliseconds)
        }
      }
    }
    return SaveItem(
      key: Self.key(of: student), value: json, condition: condition, secondsToLive: isForGood ? -1 : daysToLive * 86_400)
  }

  // MARK: Reading

  /// The students with these ids who are, or once were, to be forgotten.
  ///
  /// - Throws: `SidecarFailure` if the store gives no answer.
  func students(of ids: [StudentID], context: CallContext) async throws(SidecarFailure) -> [StudentID: [StudentKey]] {
    var students: [StudentID: [StudentKey]] = [:]
    for piece in ids.pieces(of: Self.atOnce) {
      let loaded = try await store.sidecar.load(piece.map(Self.key), context: context) { _, value in Note(value) }
      for (id, note) in zip(piece, loaded) {
        switch note.state {
        case .missing, .unreadable: continue
        case .value(let note, _): students[id] = note.schools.keys.sorted().map { StudentKey(school: SchoolID($0), student: id) }
        case .failed(let why): throw .unread(why)
        }
      }
    }
    return students
  }
}

extension ForgottenNames.Note {
  /// Reads a stored note; unreadable parts are left out.
  fileprivate init(_ value: JSONValue) {
    for (name, moment) in value["schools"]?.members ?? value.members where name.count == 0 || SchoolID(name.string) != nil {
      schools.updateValue(moment.integer.flatMap { Timestamp(exactly: $0) }, forKey: name.string)
    }
  }
}
