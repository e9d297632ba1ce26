internal import DaprClient
internal import MasteryCore

/// Reads and writes student documents, many at a time, each under its own ETag.
struct StudentStore: Sendable {
  /// What stands at a student's key.
  ///
  /// A document is kept behind one reference here, so that handing it on costs one count and not one for each of its parts.
  enum Stored: Sendable {
    /// Nothing.
    case absent
    /// A document.
    indirect case document(StudentDocument)
    /// Something that cannot be used as it is.
    case faulty(DocumentFault)
    /// The store could not say.
    case failed(String)
  }

  /// What stands at a student's key, and the condition under which it may be replaced; nil where it was read only to be looked at, or
  /// where nobody knows.
  struct Found: Sendable {
    var stored: Stored
    let condition: SaveItem.Condition?
  }

  /// A document to save, on the condition that what was read still stands.
  struct Saving: Sendable {
    let key: StudentKey
    let bytes: [UInt8]
    /// That what was read still stands.
    let condition: SaveItem.Condition
    /// How long it lives, −1 for ever.
    let secondsToLive: Int
  }

  /// How often a change is tried where other writers are faster.
  static let tries = 8
  /// A document over this many bytes is not saved any more.
  static let documentLimit = 1 << 20
  /// By so many milliseconds each document of a save moves its deadline.
  private static let savingTime = 3

  let sidecar: any Sidecar
  /// AsyncSemaphore for reading the documents of many students, so that what is held of them is bounded however many ask.
  let surveys = AsyncSemaphore(3)
  /// Days that a document lives from its last write on.
  let retentionDays: Int

  /// How long a document lives from its save on: for ever while consent is withdrawn, and never so short that an erasure is forgotten
  /// while events from before it may still come.
  func secondsToLive(_ ledger: Ledger) -> Int {
    if ledger.isConsentWithdrawn { return -1 }
    return (ledger.erasedAt == nil ? retentionDays : max(retentionDays, 30)) * 86_400
  }

  /// Reads the documents of students in one request.
  ///
  /// - Parameters:
  ///   - keys: The students.
  ///   - announcements: Which announcements are read; those that nobody needs are most of a document.
  ///   - context: Deadline and trace.
  /// - Returns: What stands at each key, in order.
  /// - Throws: `SidecarFailure` when there is no answer for any of them.
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
        return .document(try StudentDocumentReader.document(from: value, of: student, announcements: announcements))
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

  /// Whether the store answers for any key, where it was asked for some of them.
  ///
  /// What failed comes again by itself, without neighbours that would show that the store is well: then a key that nobody writes is
  /// read beside it.
  func answers(_ found: [Found], context: CallContext) async -> Bool {
    guard found.allSatisfy({ if case .failed = $0.stored { true } else { false } }) else { return true }
    let probe = try? await sidecar.load([Readiness.probeKey], context: context) { _, _ in true }
    guard case .failed? = probe?.first?.state else { return probe != nil }
    return false
  }

  /// Saves documents in one request; each replaces only what was read.
  ///
  /// - Throws: `SidecarFailure` when at least one was not saved; the others may have been.
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
