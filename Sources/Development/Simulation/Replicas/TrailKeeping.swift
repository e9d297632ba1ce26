internal import MasteryService
internal import Synchronization

/// Writes a replica's accesses to the students' audit trails soon after they happen, and retries while the store does not accept them.
///
/// The service itself polls every quarter of a second, which would fill simulated months in which nothing happens.
final class TrailKeeping: Sendable {
  private let service: MasteryService
  private let life: Life
  private let world: WorldParts
  private let state = Mutex(State.asleep)

  private enum State { case asleep, awake, wanted }

  init(_ service: MasteryService, _ life: Life, _ world: WorldParts) {
    self.service = service
    self.life = life
    self.world = world
  }

  /// Starts writing, since there may be something to write.
  func wake() {
    guard life.isAlive else { return }
    let wasAsleep = state.withLock { state in
      defer { state = state == .asleep ? .awake : .wanted }
      return state == .asleep
    }
    guard wasAsleep else { return }
    world.executor.begin { [self] in
      var pause = 250
      while life.isAlive {
        await life.pass(pause)
        state.withLock { $0 = .awake }
        let left = await service.writeTrails()
        let isDone = state.withLock { state in
          // New records wait for the next round.
          guard left == 0, state == .awake else { return false }
          state = .asleep
          return true
        }
        if isDone { break }
        pause = left == 0 ? 250 : min(2 * pause, 15_000)
      }
    }
  }
}
