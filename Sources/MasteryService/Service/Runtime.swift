public import MasteryCore

/// Everything that is outside of the program and not behind the sidecar: the clock, waiting, chance.
///
/// Nothing below reads a clock, waits or draws by itself, so that a simulation can stand in for all three.
public struct Runtime: Sendable {
  private let clock: @Sendable () -> Timestamp
  private let wait: @Sendable (Int) async -> Void
  private let draw: @Sendable () -> UInt64

  /// What the service is given of the world outside.
  ///
  /// - Parameters:
  ///   - now: The time.
  ///   - sleep: Waits so many milliseconds.
  ///   - random: A random word.
  public init(
    now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Int) async -> Void,
    random: @escaping @Sendable () -> UInt64
  ) {
    clock = now
    wait = sleep
    draw = random
  }

  /// The time.
  public func now() -> Timestamp { clock() }

  /// Waits so many milliseconds.
  public func sleep(milliseconds: Int) async { await wait(milliseconds) }

  /// A random word.
  public func random() -> UInt64 { draw() }
}
