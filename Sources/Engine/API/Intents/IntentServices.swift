/// What all intents share; one object, so that a request's context carries it without copying its parts.
final class IntentServices: Sendable {
  let store: StudentStore
  let standings: StandingStore
  let batches: Batches
  let forecasts = RecentForecasts()
  let erasure: Erasure
  let intake: EventIntake
  let runtime: Runtime
  /// The least number of students of a group whose numbers a student may see.
  let minimumGroup: Int

  init(
    store: StudentStore, standings: StandingStore, batches: Batches, erasure: Erasure, intake: EventIntake, runtime: Runtime,
    minimumGroup: Int
  ) {
    self.store = store
    self.standings = standings
    self.batches = batches
    self.erasure = erasure
    self.intake = intake
    self.runtime = runtime
    self.minimumGroup = minimumGroup
  }
}
