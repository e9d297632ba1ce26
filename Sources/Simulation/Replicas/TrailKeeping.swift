internal import MasteryService
internal import Synchronization

/// Brings a replica's accesses into the students' trails: a moment after they came up, and again while the store does not take them.
///
/// The service itself looks for them every quarter of a second, which would fill months in which nothing happens.
final class TrailKeeping: Sendable {
  private let service: MasteryService
  private let life: Life
  private let world: WorldParts
  private let isAwake = Mutex(false)

  init(_ service: MasteryService, _ life: Life, _ world: WorldParts) {
    self.service = service
    self.life = life
    self.world = world
  }

  /// Something may have come up.
  func wake() {
    let wasAwake = isAwake.withLock { isAwake in
      defer { isAwake = true }
      return isAwake
    }
    guard !wasAwake, life.isAlive else { return }
    world.executor.begin { [self] in
      var pause = 250
      while life.isAlive {
        await life.pass(pause)
        isAwake.withLock { $0 = false }
        if await service.writeTrails() == 0 { break }
        pause = min(2 * pause, 15_000)
      }
    }
  }
}
