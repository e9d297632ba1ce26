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
    let scope: EvidenceScope
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

  private struct State {
    var made: RecentValues<Subject, Made>
    /// When the young half began.
    var beganAt: Timestamp?

    /// Drops what is over age, so that nothing stays in memory because nobody asks about it any more.
    ///
    /// Each half is young for half of the age, and then old for the other half.
    mutating func expire(at now: Timestamp) {
      let half = RecentForecasts.age / 2
      let began = beganAt ?? now
      switch now.milliseconds - began.milliseconds {
      case 0..<half: beganAt = began
      case half..<2 * half:
        made.turn()
        beganAt = began.adding(milliseconds: half)
      default:
        // A clock that was set back tells no age.
        made.turn()
        made.turn()
        beganAt = now
      }
    }
  }

  private let state: Mutex<State>

  /// Creates a cache for up to twice `limit` forecasts.
  init(limit: Int = 5_000) {
    state = Mutex(State(made: RecentValues(limit: limit)))
  }

  /// Number of forecasts in memory.
  var count: Int { state.withLock { $0.made.count } }

  /// Forecasts from a document, unless that was done recently.
  ///
  /// - Parameters:
  ///   - document: The document, just read.
  ///   - scope: Whether all of it counts, or only that of some courses.
  ///   - days: The horizon in days.
  ///   - today: The student's day.
  ///   - first: The first day visible under retention.
  ///   - now: The time.
  ///   - isFresh: Whether to compute it in any case.
  /// - Returns: The forecast.
  func forecast(
    of document: StudentDocument, _ scope: EvidenceScope = .student, days: Int, on today: Day, from first: Day, now: Timestamp,
    isFresh: Bool
  ) -> Made {
    let version = DocumentVersion(epoch: document.ledger.epoch, revision: document.ledger.revision)
    let subject = Subject(student: document.key, version: version, scope: scope, today: today, days: days)
    let known = state.withLock { state in
      state.expire(at: now)
      return isFresh ? nil : state.made[subject]
    }
    if var known, now < known.at.adding(milliseconds: Self.age) {
      known.isRemembered = true
      return known
    }
    let new = Made(forecast: Forecast(of: document.evidence, scope, days: days, asOf: subject.today, from: first), at: now)
    state.withLock { $0.made.insert(new, for: subject) }
    return new
  }
}
