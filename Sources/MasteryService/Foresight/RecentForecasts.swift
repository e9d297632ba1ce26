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

  /// How long one is kept, in milliseconds: a store that was restored may use revisions again.
  private static let age: Int64 = 3_600_000

  private let made: Mutex<RecentValues<Subject, Made>>

  /// Room for twice so many forecasts.
  init(limit: Int = 5_000) {
    made = Mutex(RecentValues(limit: limit))
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
    let known = isFresh ? nil : made.withLock { $0[subject] }
    if var known, now < known.at.adding(milliseconds: Self.age) {
      known.isRemembered = true
      return known
    }
    let new = Made(forecast: Forecast(of: document.evidence, days: days, asOf: subject.today, from: first), at: now)
    made.withLock { $0.insert(new, for: subject) }
    return new
  }
}
