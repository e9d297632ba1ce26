import LoadTesting

/// What the engine takes while nothing is asked of it.
struct IdleRun {
  /// Seconds after the start that do not count.
  private static let settling = 10

  private let settings: LoadSettings
  private let program: String

  init(_ settings: LoadSettings, program: String) {
    (self.settings, self.program) = (settings, program)
  }

  /// Waits and measures.
  ///
  /// - Returns: Memory and processor time.
  /// - Throws: `BenchFailure` if the engine does not run.
  func report() async throws(BenchFailure) -> LoadReport {
    var report = LoadRun.empty(settings)
    let rig = try await LoadRig(settings, program: program, isTimed: false) { _, _ in }
    try? await Task.sleep(for: .seconds(Self.settling))
    let (clock, before) = (ProcessorClock(), await rig.fleet.processorTime)
    let sampler = LoadSampler()
    let watching = Task { await sampler.run(from: Monotonic.microseconds, rig.fleet) { _ in } }
    try? await Task.sleep(for: .seconds(settings.seconds))
    let shares = clock.shares(engine: await rig.fleet.processorTime - before)
    watching.cancel()
    await watching.value
    report.samples = sampler.all
    try await rig.stop()
    report.figures = [
      Figure("memory, highest", report.samples.map(\.memory).max(), "MB", .under(30)),
      Figure("processor time of the engine", shares.engine, "% of one", .under(0.5)),
      Figure("processor time of other programs", shares.others, "% of one"),
    ]
    return report
  }
}
