internal import MasteryCore
internal import Synchronization

/// The outbox entries that this process has seen published, so that it neither repeats nor keeps them; bounded.
///
/// Forgetting one is harmless: it is published again under the same id.
final class ConfirmedAnnouncements: Sendable {
  private let known: Mutex<RecentValues<String, Void>>

  init(limit: Int = 10_000) {
    known = Mutex(RecentValues(limit: limit))
  }

  /// Whether an entry of that id has been published.
  func contains(_ id: String) -> Bool { known.withLock { $0[id] != nil } }

  func insert(_ entries: some Sequence<OutboxEntry>) {
    known.withLock { known in
      for entry in entries { known.insert((), for: entry.id) }
    }
  }
}
