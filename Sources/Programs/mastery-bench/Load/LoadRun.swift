import DevSidecar
import Glibc
import HTTPClient
import LoadTesting
import MasteryCore
import MasteryService

/// One run of a load, from the start of the engine to the report.
struct LoadRun {
  /// Microseconds without any progress after which events are given up.
  private static let patience = 30_000_000

  private let settings: LoadSettings
  private let program: String

  init(_ settings: LoadSettings, program: String) {
    (self.settings, self.program) = (settings, program)
  }

  /// Runs the scenario.
  ///
  /// - Returns: What was measured.
  /// - Throws: `BenchFailure` if nothing can be measured.
  func report() async throws(BenchFailure) -> LoadReport {
    switch settings.scenario {
    case .idle: try await IdleRun(settings, program: program).report()
    case .connections: try await ConnectionsRun(settings, program: program).report()
    case .steady, .soak, .outage, .rolling: try await loaded()
    }
  }

  /// A report of this time without figures.
  static func empty(_ settings: LoadSettings) -> LoadReport {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return LoadReport(
      scenario: settings.scenario.rawValue, began: Timestamp(milliseconds: Int64(time.tv_sec) * 1_000).iso8601,
      version: ServiceVersion.current, settings: settings.listed)
  }

  private func loaded() async throws(BenchFailure) -> LoadReport {
    let outages = OutagePlan.outages(settings)
    let plan = EventPlan(students: settings.students, seed: UInt64(settings.seed))
    let flow = EventFlow(
      plan, ArrivalSchedule(rate: settings.rate, seconds: settings.seconds, spacing: .even), outages: outages)
    let reader = ResultReader(flow)
    let rig = try await LoadRig(settings, program: program) { reader.accept($0, $1) }
    async let reading: Void = LoadThread.run { reader.run() }
    do throws(BenchFailure) {
      var report = Self.empty(settings)
      try await Self.warmUp(flow, rig)
      let measured = try await measure(flow, rig, outages)
      report.samples = measured.samples
      let check = DocumentCheck(client: rig.client, replicas: rig.replicas)
      let students = await check.check(flow.expected)
      let callers = await check.check(ingested: measured.ingests?.accepted ?? [])
      reader.end()
      await reading
      try await rig.stop()
      LoadFigures(settings, flow, measured, outages).fill(&report, students: students, callers: callers)
      return report
    } catch {
      reader.end()
      await reading
      throw error
    }
  }

  /// Gives each student an event, and waits until all of them are done.
  static func warmUp(_ flow: EventFlow, _ rig: LoadRig) async throws(BenchFailure) {
    let feed = EventFeed(flow: flow, sidecar: rig.sidecar)
    await LoadThread.run { feed.warmUp() }
    guard await isWorkedOff(flow) else {
      throw BenchFailure("the engine must work off \(flow.plan.students) events before the load, got \(flow.progress.done)")
    }
    // What the engine does behind its results is over too.
    try? await Task.sleep(for: .seconds(3))
  }

  /// Waits until all events are done; false if they do not get on.
  private static func isWorkedOff(_ flow: EventFlow) async -> Bool {
    var (left, change) = (flow.left, Monotonic.microseconds)
    while left > 0, Monotonic.microseconds < change + patience {
      try? await Task.sleep(for: .milliseconds(20))
      if flow.left != left { (left, change) = (flow.left, Monotonic.microseconds) }
    }
    return left == 0
  }

  /// What was seen of a load.
  struct Measured: Sendable {
    var samples: [LoadReport.Sample] = []
    var queries: CallFeed?
    var ingests: CallFeed?
    var ready: ReadyWatch
    /// Whether all was worked off in time.
    var isWorkedOff = false
    /// Shares of one processor that the engine took, and all other programs but this one; nil where replicas were restarted.
    var processor: (engine: Double?, others: Double?)
  }

  private func measure(_ flow: EventFlow, _ rig: LoadRig, _ outages: [Outage]) async throws(BenchFailure) -> Measured {
    let ready = ReadyWatch(outages)
    let queries = CallFeed.queries(settings.queries, settings.seconds, flow.plan, rig.replicas, outages: outages)
    let ingests = ArrivalSchedule(rate: settings.scenario.ingests, seconds: settings.seconds, spacing: .even).map {
      CallFeed(OpenLoad.Plan($0), rig.replicas, outages: outages, remembers: true, kinds: [{ IngestedEvent.request($0) }])
    }
    let sampler = LoadSampler()
    let clock = ProcessorClock()
    let before = await rig.fleet.processorTime
    let began = Monotonic.microseconds + 200_000
    flow.begin(at: began)
    let watching = Task {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await ready.run(rig.client, port: rig.fleet.ports[0], from: began) }
        group.addTask { await rig.replicas.watch(rig.client) }
        group.addTask {
          await sampler.run(from: began, rig.fleet) { Self.fill(&$0, flow, [queries, ingests].compactMap { $0 }, ready) }
        }
      }
    }
    async let faults: Void = OutagePlan.run(outages, from: began, rig.sidecar.faults)
    async let restarts = Self.restart(settings, rig.fleet, from: began)
    let feed = EventFeed(flow: flow, sidecar: rig.sidecar)
    async let asking: Void = LoadThread.run { queries?.run(from: began) }
    async let ingesting: Void = LoadThread.run { ingests?.run(from: began) }
    await LoadThread.run { feed.run(from: began) }
    _ = await (asking, ingesting, faults)
    let restartFailure = await restarts
    var measured = Measured(queries: queries, ingests: ingests, ready: ready, processor: (nil, nil))
    let after = await rig.fleet.processorTime
    if settings.scenario.replicas == 1 { measured.processor = clock.shares(engine: after - before) }
    measured.isWorkedOff = await Self.isWorkedOff(flow)
    watching.cancel()
    await watching.value
    measured.samples = sampler.all
    if let restartFailure { throw restartFailure }
    if let failure = queries?.failure ?? ingests?.failure { throw BenchFailure("calls cannot be offered: \(failure)") }
    return measured
  }

  /// Restarts each replica in turn, if the scenario does.
  ///
  /// - Returns: Why one could not be restarted; nil if all were.
  private static func restart(_ settings: LoadSettings, _ fleet: EngineFleet, from began: Int) async -> BenchFailure? {
    guard settings.scenario == .rolling else { return nil }
    for index in fleet.ports.indices {
      let due = began + settings.seconds * 1_000_000 * (index + 1) / (fleet.ports.count + 2)
      let left = due - Monotonic.microseconds
      if left > 0 { try? await Task.sleep(for: .microseconds(left)) }
      do throws(BenchFailure) {
        try await fleet.restart(index)
      } catch {
        return error
      }
    }
    return nil
  }

  private static func fill(_ sample: inout LoadReport.Sample, _ flow: EventFlow, _ calls: [CallFeed], _ ready: ReadyWatch) {
    (sample.published, sample.done) = flow.progress
    for ledger in calls.flatMap(\.ledgers) {
      sample.served += ledger.served.count
      sample.unavailable += ledger.refusals
      sample.failed += ledger.count - ledger.served.count - ledger.refusals
    }
    sample.away = ready.latest.away
  }
}
