/// The parts that everything in a simulated world shares.
final class WorldParts: Sendable {
  let plan: Plan
  let mistake: Mistake?
  let timeline: Timeline
  let random: SeededGenerator
  let executor: SeededExecutor
  let trace: Trace
  let incidents: Incidents
  let chronicle = Chronicle()
  let weather = Weather()
  let store: SimulatedStore
  let replicas = ReplicaSet()

  init(_ plan: Plan, mistake: Mistake?, isTold: Bool) {
    let timeline = Timeline(start: plan.start)
    // Not the same random numbers as the plan's.
    let random = SeededGenerator(seed: plan.seed ^ 0x5DEE_CE66_D1CE_4E5B)
    self.plan = plan
    self.mistake = mistake
    self.timeline = timeline
    self.random = random
    executor = SeededExecutor(random)
    trace = Trace(timeline, isTold: isTold)
    incidents = Incidents(plan.incidents) { plan.isRough(at: Int(timeline.now - plan.start)) }
    store = SimulatedStore(plan.profile, isEncrypted: plan.isEncrypted) { timeline.now }
  }

  /// Milliseconds since the world began.
  var moment: Int { Int(timeline.now - plan.start) }
}
