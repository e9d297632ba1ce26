internal import MasteryCore
internal import Synchronization

/// Forecasts computed recently by this process; bounded.
///
/// Each forecast is stored for its exact life, revision and day, and looked up only after the student's document has just been read. So
/// whatever another replica has saved since, no forecast is stale or belongs to an erased life.
final class RecentForecasts: Sendable {
  private struct Subject: Hashable {
    let student: StudentKey
    let version: DocumentVersion
    let today: Day
    let days: Int
  }

  /// A forecast and the time of its computation.
  struct Made: Sendable {
    let forecast: Forecast
    let at: Timestamp
    var isRemembered = false
  }

  /// How long a forecast is kept, in milliseconds: a restored store may reuse revisions.
  private static let age: Int64 = 3_600_000

  private let made: Mutex<RecentValues<Subject, Made>>

  /// Creates a cache for up to twice `limit` forecasts.
  init(limit: Int = 5_000) {
    made = Mutex(RecentValues(limit: limit))
  }

  /// Forecasts from a document, unless that was done recently.
  ///
  /// - Parameters:
  ///   - document: The document, just read.
  ///   - days: The horizon in days.
  ///   - first: The first day visible under retention.
  ///   - now: The time.
  ///   - isFresh: Whether to compute it in any case.
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
