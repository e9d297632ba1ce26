internal import MasteryCore
internal import Synchronization

/// Forecasts that this process has worked out lately; bounded.
///
/// Each is kept for the very life, revision and day that it was worked out of, and asked for only when a student's document has just been
/// read: so whatever another replica has saved since then, none is stale, and none is of an erased life.
final class RecentForecasts: Sendable {
  private struct Subject: Hashable {
    let student: StudentKey
    let version: DocumentVersion
    let today: Day
    let days: Int
  }

  /// A forecast, and when it was worked out.
  struct Made: Sendable {
    let forecast: Forecast
    let at: Timestamp
    var isRemembered = false
  }

  private struct Generations {
    var young: [Subject: Made] = [:]
    var old: [Subject: Made] = [:]
  }

  /// How long one is kept, in milliseconds: a store that was restored may use revisions again.
  private static let age: Int64 = 3_600_000

  private let limit: Int
  private let generations = Mutex(Generations())

  /// Room for twice so many forecasts.
  init(limit: Int = 5_000) {
    self.limit = limit
  }

  /// Looks ahead from what a document says, unless that was done lately.
  ///
  /// - Parameters:
  ///   - document: The document as it was just read.
  ///   - days: How many days ahead.
  ///   - first: The first day that retention lets be seen.
  ///   - now: The time.
  ///   - isFresh: Whether it is worked out in any case.
  /// - Returns: The forecast.
  func forecast(of document: StudentDocument, days: Int, from first: Day, now: Timestamp, isFresh: Bool) -> Made {
    let version = DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision)
    let subject = Subject(student: document.key, version: version, today: Day(now), days: days)
    let known = isFresh ? nil : generations.withLock { $0.young[subject] ?? $0.old[subject] }
    if var known, now < known.at.adding(milliseconds: Self.age) {
      known.isRemembered = true
      return known
    }
    let made = Made(forecast: Forecast(of: document.evidence, days: days, asOf: subject.today, from: first), at: now)
    remember(made, of: subject)
    return made
  }

  private func remember(_ made: Made, of subject: Subject) {
    generations.withLock { generations in
      generations.young[subject] = made
      guard generations.young.count >= limit else { return }
      generations.old = generations.young
      generations.young = [:]
    }
  }
}
