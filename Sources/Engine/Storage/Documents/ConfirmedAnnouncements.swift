internal import MasteryCore
internal import Synchronization

/// Announcements and results that this process knows to be published, so that it neither repeats nor stores them; bounded.
///
/// Forgetting is harmless: an announcement is published again under the same id, and a result claims to stand for more revisions than
/// necessary.
final class ConfirmedAnnouncements: Sendable {
  private struct State {
    var announcements: RecentValues<String, Void>
    var results: RecentValues<StudentKey, DocumentVersion>
  }

  private let state: Mutex<State>

  /// Creates an empty memory.
  ///
  /// - Parameters:
  ///   - announcements: The number of announcements to remember.
  ///   - results: The number of students' results to remember.
  init(announcements: Int = 10_000, results: Int = 50_000) {
    state = Mutex(State(announcements: RecentValues(limit: announcements), results: RecentValues(limit: results)))
  }

  /// Whether the announcement with that id has been published.
  func contains(_ id: String) -> Bool { state.withLock { $0.announcements[id] != nil } }

  /// Whether the result of a student's revision has been published.
  func contains(_ version: DocumentVersion, of key: StudentKey) -> Bool { state.withLock { $0.results[key] == version } }

  /// Records that a document's result and its announcements have been published.
  func insert(_ document: StudentDocument) {
    state.withLock { state in
      for entry in document.ledger.outbox { state.announcements.insert((), for: entry.id) }
      let version = DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision)
      // Folds of a student may be published in a different order than they were saved.
      if let known = state.results[document.key], known > version { return }
      state.results.insert(version, for: document.key)
    }
  }
}
