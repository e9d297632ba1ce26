internal import MasteryCore
internal import Synchronization

/// The outbox entries that this process has seen published, so that it neither repeats nor keeps them; bounded.
///
/// Forgetting one is harmless: it is published again under the same id.
final class ConfirmedAnnouncements: Sendable {
  private struct Generations {
    var young: Set<String> = []
    var old: Set<String> = []
  }

  private let generations = Mutex(Generations())
  private let limit: Int

  init(limit: Int = 10_000) {
    self.limit = limit
  }

  func contains(_ entry: OutboxEntry) -> Bool {
    generations.withLock { $0.young.contains(entry.id) || $0.old.contains(entry.id) }
  }

  func insert(_ entries: some Sequence<OutboxEntry>) {
    generations.withLock { generations in
      for entry in entries {
        generations.young.insert(entry.id)
        if generations.young.count >= limit {
          generations.old = generations.young
          generations.young = []
        }
      }
    }
  }
}
