internal import MasteryCore
internal import Synchronization

/// The service's metrics in the Prometheus text format (version 0.0.4).
final class Metrics: Sendable {
  /// The outcome of an event.
  enum EventOutcome: Int, CaseIterable {
    case folded, refused, poisoned, deferred, retried, forgotten

    var label: String {
      switch self {
      case .folded: "folded"
      case .refused: "refused"
      case .poisoned: "poisoned"
      case .deferred: "deferred"
      case .retried: "retried"
      case .forgotten: "forgotten"
      }
    }
  }

  private struct Counts {
    var events = [Int](repeating: 0, count: EventOutcome.allCases.count)
    var rejections: [RejectionReason: Int] = [:]
    var labelsLeftOut: [EventLabel: Int] = [:]
    var requests: [RequestKey: Int] = [:]
    var publishFailures = 0
    var deadLettersDropped = 0
    var forecasts = 0
    var forecastsWithin = 0
    var squaredForecastErrors = 0.0
    var unauthorized: [TokenDirection: Int] = [:]
    var cohortsLeftOut = 0
    var publicKeys = 0
    var unreadableKeys = 0
    var standingsLag: Int64 = 0
  }

  private struct RequestKey: Hashable {
    let intent: String
    let status: Int
  }

  private let counts = Mutex(Counts())
  private let began: Timestamp

  /// Creates empty metrics for a process that started at the given time.
  init(began: Timestamp) {
    self.began = began
  }

  func count(_ outcome: EventOutcome, _ number: Int) {
    guard number > 0 else { return }
    counts.withLock { $0.events[outcome.rawValue] += number }
  }

  /// Counts refused events by reason, one reason for each event.
  func count(rejections: [RejectionReason]) {
    guard !rejections.isEmpty else { return }
    counts.withLock { counts in for reason in rejections { counts.rejections[reason, default: 0] += 1 } }
  }

  /// Counts labels of good events that were left out.
  func count(leftOut labels: [EventLabel]) {
    counts.withLock { counts in for label in labels { counts.labelsLeftOut[label, default: 0] += 1 } }
  }

  /// Counts a request; the intent is one from the table or a fixed word, so there are few label values.
  func countRequest(_ intent: String, status: Int) {
    counts.withLock { $0.requests[RequestKey(intent: intent, status: status), default: 0] += 1 }
  }

  /// Counts weekly forecasts whose day is over.
  func count(_ judged: [WeeklyForecast.Outcome]) {
    guard !judged.isEmpty else { return }
    counts.withLock { counts in
      counts.forecasts += judged.count
      counts.forecastsWithin += judged.count(where: \.isWithinInterval)
      counts.squaredForecastErrors += judged.reduce(0) { $0 + $1.error * $1.error }
    }
  }

  /// Counts dead letters removed to make room for later ones.
  func countDeadLettersDropped(_ number: Int) {
    counts.withLock { $0.deadLettersDropped += number }
  }

  /// Counts a call between service and sidecar that was refused because of its token.
  func countUnauthorized(_ direction: TokenDirection) {
    counts.withLock { $0.unauthorized[direction, default: 0] += 1 }
  }

  /// Counts events whose cohort was left out because their student has been in too many.
  func countCohortsLeftOut(_ number: Int) {
    guard number > 0 else { return }
    counts.withLock { $0.cohortsLeftOut += number }
  }

  /// Records the number of current public keys.
  func noteKeys(_ number: Int) {
    counts.withLock { $0.publicKeys = number }
  }

  /// Counts a failed check of the public key file, or a failed fetch.
  func countUnreadableKeys() {
    counts.withLock { $0.unreadableKeys += 1 }
  }

  /// Records how far the standings were behind the results of the last processed delivery, in milliseconds.
  func noteStandings(lag: Int64) {
    counts.withLock { $0.standingsLag = max(0, lag) }
  }

  func countPublishFailure() {
    counts.withLock { $0.publishFailures += 1 }
  }

  private static func refusalLines(_ counts: Counts) -> [String] {
    ["# HELP mastery_events_refused_total Refused events, by reason.", "# TYPE mastery_events_refused_total counter"]
      + RejectionReason.allCases.map { "mastery_events_refused_total{reason=\"\($0.rawValue)\"} \(counts.rejections[$0, default: 0])" }
      + [
        "# HELP mastery_event_labels_left_out_total Labels of good events that broke their rule and were left out.",
        "# TYPE mastery_event_labels_left_out_total counter",
      ]
      + EventLabel.allCases.map {
        "mastery_event_labels_left_out_total{label=\"\($0.rawValue)\"} \(counts.labelsLeftOut[$0, default: 0])"
      }
  }

  /// All metrics as text.
  var text: String {
    counts.withLock { counts in
      var lines = ["# HELP mastery_events_total Events worked off, by what became of them.", "# TYPE mastery_events_total counter"]
      for outcome in EventOutcome.allCases {
        lines.append("mastery_events_total{outcome=\"\(outcome.label)\"} \(counts.events[outcome.rawValue])")
      }
      lines += Self.refusalLines(counts)
      lines += ["# HELP mastery_requests_total Requests answered, by intent and status.", "# TYPE mastery_requests_total counter"]
      for (key, number) in counts.requests.sorted(by: { ($0.key.intent, $0.key.status) < ($1.key.intent, $1.key.status) }) {
        lines.append("mastery_requests_total{intent=\"\(key.intent)\",status=\"\(key.status)\"} \(number)")
      }
      lines += [
        "# HELP mastery_publish_failures_total Deliveries of which the broker did not take every result.",
        "# TYPE mastery_publish_failures_total counter", "mastery_publish_failures_total \(counts.publishFailures)",
        "# HELP mastery_dead_letters_dropped_total Dead letters that gave way to later ones, or could not be kept.",
        "# TYPE mastery_dead_letters_dropped_total counter", "mastery_dead_letters_dropped_total \(counts.deadLettersDropped)",
        "# HELP mastery_forecasts_judged_total Weekly forecasts whose day is over, held against what came true.",
        "# TYPE mastery_forecasts_judged_total counter", "mastery_forecasts_judged_total \(counts.forecasts)",
        "# HELP mastery_forecasts_within_interval_total Those of them whose truth lay within the interval.",
        "# TYPE mastery_forecasts_within_interval_total counter",
        "mastery_forecasts_within_interval_total \(counts.forecastsWithin)",
        "# HELP mastery_forecast_squared_error_total Sum of their squared errors, in points of mastery.",
        "# TYPE mastery_forecast_squared_error_total counter",
        "mastery_forecast_squared_error_total \(counts.squaredForecastErrors)",
        "# HELP mastery_sidecar_unauthorized_total Calls between service and sidecar that were refused for their token.",
        "# TYPE mastery_sidecar_unauthorized_total counter",
      ]
      for direction in TokenDirection.allCases {
        let number = counts.unauthorized[direction, default: 0]
        lines.append("mastery_sidecar_unauthorized_total{direction=\"\(direction.rawValue)\"} \(number)")
      }
      lines += [
        "# HELP mastery_cohorts_left_out_total Events whose cohort was left out, since their student has been in too many.",
        "# TYPE mastery_cohorts_left_out_total counter", "mastery_cohorts_left_out_total \(counts.cohortsLeftOut)",
        "# HELP mastery_jwks_keys Public keys of tokens that are in force.", "# TYPE mastery_jwks_keys gauge",
        "mastery_jwks_keys \(counts.publicKeys)",
        "# HELP mastery_jwks_unreadable_total Looks at the file of public keys that was missing or no JWK set.",
        "# TYPE mastery_jwks_unreadable_total counter", "mastery_jwks_unreadable_total \(counts.unreadableKeys)",
        "# HELP mastery_standings_lag_seconds How far the standings of cohorts were behind results, in the last delivery brought in.",
        "# TYPE mastery_standings_lag_seconds gauge", "mastery_standings_lag_seconds \(Double(counts.standingsLag) / 1_000)",
        "# HELP process_start_time_seconds When the process began, in seconds since 1970: it tells replicas apart.",
        "# TYPE process_start_time_seconds gauge", "process_start_time_seconds \(Double(began.milliseconds) / 1_000)",
      ]
      return lines.joined(separator: "\n") + "\n"
    }
  }
}
