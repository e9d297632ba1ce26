import LoadTesting

/// Many connections at once: first their calls are spread over each second, then all of them call at the same moment.
struct ConnectionsRun {
  private let settings: LoadSettings
  private let program: String

  init(_ settings: LoadSettings, program: String) {
    (self.settings, self.program) = (settings, program)
  }

  /// Makes the calls.
  ///
  /// - Returns: How they were answered.
  /// - Throws: `BenchFailure` if they cannot be made.
  func report() async throws(BenchFailure) -> LoadReport {
    var report = LoadRun.empty(settings)
    let flow = EventFlow(EventPlan(students: settings.students, seed: UInt64(settings.seed)), nil, outages: [])
    let reader = ResultReader(flow)
    let rig = try await LoadRig(settings, program: program) { reader.accept($0, $1) }
    async let reading: Void = LoadThread.run { reader.run() }
    do throws(BenchFailure) {
      try await LoadRun.warmUp(flow, rig)
      for (name, spacing) in [
        ("spread", .poisson(seed: UInt64(settings.seed))), ("at the same moment", .together(settings.connections)),
      ] as [(String, ArrivalSchedule.Spacing)] {
        let clock = ProcessorClock()
        let before = await rig.fleet.processorTime
        let feed = try await call(spacing, flow.plan, rig)
        let shares = clock.shares(engine: await rig.fleet.processorTime - before)
        fill(&report, name, feed.ledgers, shares)
      }
      reader.end()
      await reading
      try await rig.stop()
      return report
    } catch {
      reader.end()
      await reading
      throw error
    }
  }

  private func call(_ spacing: ArrivalSchedule.Spacing, _ plan: EventPlan, _ rig: LoadRig) async throws(BenchFailure) -> CallFeed {
    guard let schedule = ArrivalSchedule(rate: settings.queries, seconds: settings.seconds, spacing: spacing) else {
      throw BenchFailure("--queries must be a rate, got \(settings.queries)")
    }
    var open = OpenLoad.Plan(schedule)
    (open.opened, open.connections) = (settings.connections, settings.connections)
    let calculation = LoadGenerator.request("POST", "/process", body: Chain.calculation)
    let feed = CallFeed(
      open, rig.replicas, kinds: [{ _ in calculation }, { CallFeed.query(plan.student(of: plan.students + $0)) }])
    await LoadThread.run { feed.run(from: nil) }
    if let failure = feed.failure { throw BenchFailure("\(settings.connections) connections must be open at once, got \(failure)") }
    return feed
  }

  private func fill(
    _ report: inout LoadReport, _ name: String, _ ledgers: [CallLedger], _ shares: (engine: Double?, others: Double?)
  ) {
    for (kind, ledger) in zip(["/process", "query"], ledgers) {
      let p95 = ledger.served.count == 0 ? nil : Double(ledger.served.value(at: .p95)) / 1_000
      report.figures += [
        Figure("\(name): \(kind), p95", p95, "ms", .under(100)),
        Figure("\(name): \(kind) not served", ledger.count - ledger.served.count, .exactly(0)),
      ]
      report.latencies.append(("\(name): \(kind), ms", ledger.served))
    }
    report.figures += [
      Figure("\(name): processor time of the engine", shares.engine, "% of one"),
      Figure("\(name): processor time of other programs", shares.others, "% of one"),
    ]
  }
}
