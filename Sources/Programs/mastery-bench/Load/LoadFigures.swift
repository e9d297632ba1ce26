import LoadTesting

/// The figures of a load of events and queries, with what each scenario asks of them.
struct LoadFigures {
  /// Seconds after which memory is compared with that at the end.
  private static let settled = 60
  /// Seconds whose median is taken.
  private static let window = 10

  private let settings: LoadSettings
  private let flow: EventFlow
  private let measured: LoadRun.Measured
  private let outages: [Outage]

  init(_ settings: LoadSettings, _ flow: EventFlow, _ measured: LoadRun.Measured, _ outages: [Outage]) {
    (self.settings, self.flow, self.measured, self.outages) = (settings, flow, measured, outages)
  }

  private var isSteady: Bool { settings.scenario == .steady || settings.scenario == .soak }

  /// Writes them into a report.
  func fill(_ report: inout LoadReport, students: DocumentCheck.Outcome, callers: DocumentCheck.Outcome) {
    let events = flow.latencies
    report.figures = [
      Figure("events published", flow.progress.published),
      Figure("event to result, p99", milliseconds(events, .p99), "ms", isSteady ? .under(500) : nil),
    ]
    if let queries = measured.queries?.ledgers.first { report.figures += figures(of: queries) }
    if let ingests = measured.ingests?.ledgers.first { report.figures += figures(ofIngests: ingests) }
    if settings.scenario == .outage { report.figures += recoveries() }
    if isSteady { report.figures += memory(measured.samples) }
    report.figures += [
      Figure("events without a result", flow.left, .exactly(0)),
      Figure("dead letters", flow.deadLetters, .exactly(0)),
      Figure("students whose document is wrong", students.wrong + callers.wrong, .exactly(0)),
      Figure("students compared", students.students + callers.students),
      Figure("results that said a revision again", flow.repeatedResults, settings.scenario == .rolling ? .exactly(0) : nil),
      Figure("announcements of levels and paths", flow.announcements.count),
      // Not bound: they come at least once, each time under the same id (the Contract article, "For the fleet").
      Figure("announcements said again", flow.announcements.repeated),
      Figure("processor time of the engine", measured.processor.engine, "% of one"),
      Figure("processor time of other programs", measured.processor.others, "% of one"),
    ]
    report.latencies = [("event to result, ms", events)]
    if let queries = measured.queries?.ledgers.first {
      report.latencies += [("query, ms", queries.served), ("query answered 503, ms", queries.unavailable)]
      report.latencies.append(("query sent late, ms", queries.lateness))
    }
    if let ingests = measured.ingests?.ledgers.first {
      report.latencies += [("ingest, ms", ingests.served), ("ingest answered 503, ms", ingests.unavailable)]
    }
    report.remarks = students.remarks + callers.remarks
    if !measured.isWorkedOff { report.remarks.append("events were left when nothing had got on for 30 s") }
  }

  /// A percentile in milliseconds; nil without values.
  private func milliseconds(_ histogram: LatencyHistogram?, _ percentile: Percentile) -> Double? {
    histogram.flatMap { $0.count == 0 ? nil : Double($0.value(at: percentile)) / 1_000 }
  }

  private func figures(of queries: CallLedger) -> [Figure] {
    var figures = [
      Figure("query, p95", milliseconds(queries.served, .p95), "ms", isSteady ? .under(50) : nil),
      Figure("queries served", queries.served.count),
      Figure("queries answered 503", queries.refusals, isSteady ? .exactly(0) : nil),
      Figure("503 without Retry-After", queries.withoutRetryAfter, .exactly(0)),
      Figure("queries answered otherwise", queries.unexpected, .exactly(0)),
      Figure("queries without an answer", queries.unanswered, .exactly(0)),
    ]
    if settings.scenario == .rolling { figures.append(Figure("queries sent again to another replica", queries.repeated)) }
    if settings.scenario == .outage {
      let slowest = max(queries.served.maximum, queries.unavailable.maximum)
      figures.append(Figure("slowest query, 503 or not", Double(slowest) / 1e6, "s", .atMost(2)))
    }
    return figures
  }

  private func figures(ofIngests ingests: CallLedger) -> [Figure] {
    [
      Figure("ingests accepted", ingests.served.count), Figure("ingests answered 503", ingests.refusals),
      Figure("ingests answered 503 without Retry-After", ingests.withoutRetryAfter, .exactly(0)),
      Figure("ingests answered otherwise, or not at all", ingests.unexpected + ingests.unanswered, .exactly(0)),
      Figure("slowest ingest, 503 or not", Double(max(ingests.served.maximum, ingests.unavailable.maximum)) / 1e6, "s", .atMost(2)),
    ]
  }

  private func recoveries() -> [Figure] {
    var figures: [Figure] = []
    for (index, outage) in outages.enumerated() {
      let said = measured.ready.said(in: index)
      // At least once, and nothing else.
      let isRight = said == [[outage.name]]
      figures.append(Figure("/ready names \(outage.name) and nothing else", isRight ? 1 : 0, .exactly(1)))
      let calls = [measured.queries, measured.ingests].compactMap { $0?.recovery.time(after: index) }.max() ?? 0
      for (what, time) in [
        ("calls are served", calls), ("/ready is 200", measured.ready.recovery.time(after: index)),
        ("results are within 1 s", flow.recovery.time(after: index)),
      ] {
        figures.append(Figure("after \(outage.name): \(what) again", Double(time) / 1e6, "s", .atMost(10)))
      }
    }
    return figures
  }

  /// Resident memory after a minute, or a fifth of a shorter load, and at the end; for a soak also what else may grow.
  private func memory(_ samples: [LoadReport.Sample]) -> [Figure] {
    let first = min(Self.settled, settings.seconds / 5)
    let window = min(Self.window, max(1, settings.seconds / 10))
    let early = LoadSampler.median(samples, first..<first + window) { $0.memory }
    let late = LoadSampler.median(samples, settings.seconds - window..<settings.seconds + 1) { $0.memory }
    var figures = [
      Figure("memory after \(first) s", early, "MB"), Figure("memory at the end", late, "MB"),
      Figure("memory at the end, of that", early.flatMap { early in late.map { $0 / max(early, 0.001) } }, "times", .atMost(1.1)),
    ]
    if settings.scenario == .soak {
      let (early99, late99) = (milliseconds(flow.tenths.first, .p99), milliseconds(flow.tenths.last, .p99))
      figures.append(Figure("event to result in the first tenth, p99", early99, "ms"))
      figures.append(Figure("event to result in the last tenth, p99", late99, "ms", early99.map { .atMost($0 * 2) }))
      let files = LoadSampler.median(samples, first..<first + window) { Double($0.files) }
      let open = LoadSampler.median(samples, settings.seconds - window..<settings.seconds + 1) { Double($0.files) }
      figures.append(Figure("open files after \(first) s", files))
      figures.append(Figure("open files at the end", open, "", files.map { .atMost($0 + 64) }))
    }
    return figures
  }
}
