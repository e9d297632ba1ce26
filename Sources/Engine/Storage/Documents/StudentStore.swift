internal import DaprClient
internal import MasteryCore

/// Reads and writes student documents, many at a time, each under its own ETag.
struct StudentStore: Sendable {
  /// The stored value of a student's key.
  ///
  /// The document is kept behind one reference, so that passing it on costs one reference count instead of one for each of its parts.
  enum Stored: Sendable {
    /// No value.
    case absent
    /// A document.
    indirect case document(StudentDocument)
    /// A value that cannot be used as it is.
    case faulty(DocumentFault)
    /// The store could not read the key.
    case failed(String)
  }

  /// The stored value of a student's key, and the condition for replacing it; nil if it was read for viewing only, or is unknown.
  struct Found: Sendable {
    var stored: Stored
    let condition: SaveItem.Condition?
  }

  /// A document to save on the condition that the stored value has not changed.
  struct Saving: Sendable {
    let key: StudentKey
    let bytes: [UInt8]
    /// The condition that the stored value has not changed.
    let condition: SaveItem.Condition
    /// Time to live, −1 for no expiry.
    let secondsToLive: Int
  }

  /// A larger document is no longer saved.
  static let documentLimit = 1 << 20
  /// Milliseconds by which each document of a save extends its deadline.
  private static let savingTime = 3

  let sidecar: any Sidecar
  /// Limits concurrent reads of many students' documents, so that memory stays bounded however many callers there are.
  let surveys = AsyncSemaphore(3)
  /// Lets callers at the same moment share reads of documents that are only viewed.
  let views = SharedRequests<StudentKey, Found?>(atATime: 4, most: 50, patience: 10)
  /// Days that a document is kept after its last write.
  let retentionDays: Int
  /// The schools' days.
  var calendars = SchoolCalendars()
  /// What the days of a topic come to.
  var scoring = Scoring.latest

  /// An empty document of a student.
  func newDocument(of key: StudentKey, cutoff: Day, epoch: Int64) -> StudentDocument {
    var document = StudentDocument(student: key.student, school: key.school, cutoff: cutoff, epoch: epoch)
    document.evidence.scoring = scoring
    return document
  }

  /// The time to live of a saved document: unlimited while consent is withdrawn, and never so short that an erasure is forgotten while
  /// earlier events may still arrive.
  func secondsToLive(_ ledger: Ledger) -> Int {
    if ledger.isConsentWithdrawn { return -1 }
    return (ledger.erasedAt == nil ? retentionDays : max(retentionDays, 30)) * 86_400
  }

  /// Reads the documents of students in one request.
  ///
  /// - Parameters:
  ///   - keys: The students.
  ///   - announcements: Which announcements to read; unneeded ones are most of a document.
  ///   - context: Deadline and trace.
  /// - Returns: The stored value of each key, in order.
  /// - Throws: `SidecarFailure` if there is no answer for any of them.
  func load(
    _ keys: [StudentKey], announcements: AnnouncementReading = .all, context: CallContext
  ) async throws(SidecarFailure) -> [Found] {
    guard !keys.isEmpty else { return [] }
    var students: [String: StudentKey] = [:]
    students.reserveCapacity(keys.count)
    for key in keys { students[key.documentKey] = key }
    let byKey = students
    let loaded = try await sidecar.load(keys.map(\.documentKey), context: context) { key, value -> Stored in
      guard let student = byKey[key] else { return .faulty(.unreadable("key")) }
      do throws(DocumentFault) {
        var document = try StudentDocumentReader.document(from: value, of: student, announcements: announcements)
        document.evidence.scoring = scoring
        return .document(document)
      } catch {
        return .faulty(error)
      }
    }
    return loaded.map { loaded in
      switch loaded.state {
      case .missing: Found(stored: .absent, condition: .absent)
      case .failed(let why): Found(stored: .failed(why), condition: nil)
      case .unreadable(let why, let etag): Found(stored: .faulty(.unreadable(why)), condition: .replacing(unreadable: etag))
      case .value(let stored, let etag): Found(stored: stored, condition: announcements.isWhole ? .matches(etag) : nil)
      }
    }
  }

  /// Whether the store answers for any key, judged from a read of some of them.
  ///
  /// A failed key is retried by itself, without neighbours that would show that the store is well, so a key that is never written is read
  /// beside it.
  func answers(_ found: [Found], context: CallContext) async -> Bool {
    guard found.allSatisfy({ if case .failed = $0.stored { true } else { false } }) else { return true }
    let probe = try? await sidecar.load([StoreProbe.key], context: context) { _, _ in true }
    guard case .failed? = probe?.first?.state else { return probe != nil }
    return false
  }

  /// Saves documents in one request; each replaces only the version that was read.
  ///
  /// - Throws: `SidecarFailure` if at least one was not saved; the others may have been.
  func save(_ documents: [Saving], context: CallContext) async throws(SidecarFailure) {
    guard !documents.isEmpty else { return }
    let items = documents.map { saving in
      SaveItem(
        key: saving.key.documentKey, value: saving.bytes, condition: saving.condition, secondsToLive: saving.secondsToLive)
    }
    // A slow store takes milliseconds for each document.
    var context = context
    context.deadline += Self.savingTime * items.count
    try await sidecar.save(items, context: context)
  }
}
