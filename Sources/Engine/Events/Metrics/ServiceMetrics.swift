internal import DaprClient
internal import MasteryCore
internal import Metrics

/// What the service counts and measures; the Contract article lists the families.
final class ServiceMetrics: Sendable {
  // MARK: Requests

  /// Requests answered, by intent and status; the intent is one from the table or a fixed word, so there are few values.
  let requests = Counter<RequestLabels>("mastery_requests_total", "Requests answered, by intent and status.", labels: ["intent", "status"])
  /// How long requests took.
  let requestTime = Histogram<IntentLabel>(
    "mastery_request_duration_seconds", "How long a request took, from its head to its answer.", labels: ["intent"],
    bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5])

  // MARK: Events

  /// Events worked off, by what became of them and by type.
  let events = Counter<EventLabels>(
    "mastery_events_total", "Events worked off, by what became of them and by type.", labels: ["outcome", "type"], known: EventLabels.all)
  /// Refused events, by reason.
  let refused = Counter<RejectionReason>(
    "mastery_events_refused_total", "Refused events, by reason.", labels: ["reason"], known: RejectionReason.allCases)
  /// Refused events, by the system that sent them.
  let refusedBySource = Counter<SourceLabel>(
    "mastery_events_refused_by_source_total", "Refused events, by the source that they name: the first 32, then other.", labels: ["source"])
  /// Labels of good events that broke their rule and were left out.
  let labelsLeftOut = Counter<EventLabel>(
    "mastery_event_labels_left_out_total", "Labels of good events that broke their rule and were left out.", labels: ["label"],
    known: EventLabel.allCases)
  /// Events whose cohort was left out because their student has been in too many.
  let cohortsLeftOut = Counter<NoLabels>(
    "mastery_cohorts_left_out_total", "Events whose cohort was left out, since their student has been in too many.")
  /// How old events were when they arrived.
  let eventLag = Histogram<NoLabels>(
    "mastery_event_lag_seconds", "From an event's own time until it reached the service.",
    bounds: [0.1, 0.5, 1, 5, 15, 60, 300, 3_600, 86_400])
  /// How long events were with the broker.
  let deliveryLag = Histogram<NoLabels>(
    "mastery_delivery_lag_seconds", "From an event's time of publishing until it reached the service.",
    bounds: [0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 3_600])
  /// How long it took to work events off.
  let resultTime = Histogram<NoLabels>(
    "mastery_event_result_duration_seconds", "From an event's arrival until the broker has its result.",
    bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])

  // MARK: Folds

  /// Students' documents that deliveries were about, by what was done with them.
  let folds = Counter<FoldResult>(
    "mastery_folds_total", "Students that deliveries were about, by what was done with their document.", labels: ["result"],
    known: FoldResult.allCases)
  /// Saves that came after another writer's.
  let saveConflicts = Counter<NoLabels>(
    "mastery_save_conflicts_total", "Saves in which a document had been changed by another writer, and was read again.")
  /// How often documents were read and saved until all of them were stored.
  let saveTries = Histogram<NoLabels>(
    "mastery_save_tries", "How often the documents of a delivery were read and saved until all of them were stored.",
    bounds: [1, 2, 3, 5, 8])

  // MARK: What could not be done

  /// Dead letters, by cause.
  let deadLetters = Counter<DeadLetterCause>(
    "mastery_dead_letters_total", "Dead letters that were published, or came from the sidecar, by cause.", labels: ["cause"],
    known: DeadLetterCause.allCases)
  /// Dead letters that were lost to those that read them here.
  let deadLettersDropped = Counter<NoLabels>(
    "mastery_dead_letters_dropped_total", "Dead letters that gave way to later ones, or could not be kept.")
  /// Deliveries whose results the broker did not take.
  let publishFailures = Counter<NoLabels>(
    "mastery_publish_failures_total", "Deliveries of which the broker did not take every result.")

  // MARK: The sidecar

  /// Calls to the sidecar.
  let calls = Counter<CallLabels>("mastery_sidecar_calls_total", "Calls to the sidecar, by kind and status.", labels: ["call", "status"])
  /// How long calls to the sidecar took.
  let callTime = Histogram<CallKind>(
    "mastery_sidecar_call_duration_seconds", "How long a call to the sidecar took.", labels: ["call"],
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
  /// Calls refused for their token.
  let unauthorized = Counter<TokenDirection>(
    "mastery_sidecar_unauthorized_total", "Calls between service and sidecar that were refused for their token.", labels: ["direction"],
    known: TokenDirection.allCases)
  /// What is wrong with the sidecar's components.
  let componentProblems = Gauge<ComponentLabels>(
    "mastery_component_problems", "What is wrong with a component of the sidecar, as far as it tells: 1 while it is so, else 0.",
    labels: ["component", "problem"])

  // MARK: Forecasts

  /// Forecasts that were held against what came true.
  let forecasts = Counter<NoLabels>(
    "mastery_forecasts_judged_total", "Weekly forecasts whose day is over, held against what came true.")
  /// Those whose interval held.
  let forecastsWithin = Counter<NoLabels>(
    "mastery_forecasts_within_interval_total", "Those of them whose truth lay within the interval.")
  /// Their squared errors.
  let squaredForecastErrors = Counter<NoLabels>(
    "mastery_forecast_squared_error_total", "Sum of their squared errors, in points of mastery.")

  // MARK: Keys and backlogs

  /// Public keys of tokens.
  let publicKeys = Gauge<NoLabels>("mastery_jwks_keys", "Public keys of tokens that are in force.")
  /// Looks at the keys that found none.
  let unreadableKeys = Counter<NoLabels>(
    "mastery_jwks_unreadable_total", "Looks at the file of public keys, or fetches of them, that found none or no JWK set.")
  /// How far behind the standings were.
  let standingsLag = Gauge<NoLabels>(
    "mastery_standings_lag_seconds", "How far the standings of cohorts were behind results, in the last delivery brought in.")
  /// How far behind the batches were.
  let batchLag = Gauge<NoLabels>(
    "mastery_batch_lag_seconds", "How far batches were behind their orders, in the last piece worked off.")

  private let began: Gauge<NoLabels>
  private let build = Gauge<VersionLabel>("mastery_build_info", "The release; always 1.", labels: ["version"])
  private let sources = FewNames(atMost: 32)

  /// Creates empty metrics for a process that started at the given time.
  init(began: Timestamp) {
    self.began = Gauge(
      "process_start_time_seconds", "When the process began, in seconds since 1970: it tells replicas apart.",
      Double(began.milliseconds) / 1_000)
    build.set(1, VersionLabel(version: ServiceVersion.current))
  }

  /// All families, in the order in which they are shown.
  var families: [any MetricFamily] {
    [
      events, refused, refusedBySource, labelsLeftOut, cohortsLeftOut, eventLag, deliveryLag, resultTime, folds, saveConflicts, saveTries,
      requests, requestTime, deadLetters, deadLettersDropped, publishFailures, calls, callTime, unauthorized, componentProblems, forecasts,
      forecastsWithin, squaredForecastErrors, publicKeys, unreadableKeys, standingsLag, batchLag, build, began,
    ]
  }

  /// Counts refused events, one reason and source for each.
  func count(refused rejections: [EventRejection]) {
    refused.add(each: rejections.map(\.reason))
    refusedBySource.add(each: rejections.map { SourceLabel(source: $0.source.map(sources.label) ?? "unnamed") })
  }

  /// Counts weekly forecasts whose day is over.
  func count(_ judged: [WeeklyForecast.Outcome]) {
    guard !judged.isEmpty else { return }
    forecasts.add(judged.count)
    forecastsWithin.add(judged.count(where: \.isWithinInterval))
    squaredForecastErrors.add(judged.reduce(0) { $0 + $1.error * $1.error })
  }

  /// Measures how old the events of a delivery were when they arrived, and how long they were with the broker.
  func measure(arrival delivery: Delivery, at now: Timestamp) {
    var ages: [Double] = []
    var waits: [Double] = []
    ages.reserveCapacity(delivery.entries.count)
    waits.reserveCapacity(delivery.entries.count)
    for entry in delivery.entries {
      guard case .success(let event) = entry.content else { continue }
      ages.append(now.seconds(since: event.observation.timestamp))
      if let deliveredAt = event.deliveredAt { waits.append(now.seconds(since: deliveredAt)) }
    }
    eventLag.observe(each: ages)
    deliveryLag.observe(each: waits)
  }

  /// Counts a call to the sidecar.
  ///
  /// - Parameters:
  ///   - call: The kind.
  ///   - failure: Why it failed; nil if it did not.
  ///   - seconds: How long it took.
  func count(_ call: CallKind, _ failure: SidecarFailure?, seconds: Double) {
    calls.add(1, CallLabels(call: call, status: CallStatus(failure)))
    callTime.observe(seconds, call)
  }
}

extension Timestamp {
  /// The seconds from an earlier time to this one.
  func seconds(since earlier: Self) -> Double { Double(milliseconds - earlier.milliseconds) / 1_000 }
}
