public import MasteryCore

/// Everything outside the program that is not behind the sidecar: the clock, sleeping and randomness.
///
/// No code below reads a clock, sleeps or draws random numbers by itself, so that a simulation can replace all three.
public struct Runtime: Sendable {
  private let clock: @Sendable () -> Timestamp
  private let wait: @Sendable (Int) async -> Void
  private let draw: @Sendable () -> UInt64
  private let ticks: (@Sendable () -> Int64)?

  /// Creates a runtime.
  ///
  /// - Parameters:
  ///   - now: The current time.
  ///   - sleep: Sleeps for a number of milliseconds.
  ///   - random: A random word.
  ///   - uptime: Nanoseconds since some moment, by a clock that nobody sets; by default those of `now`.
  public init(
    now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Int) async -> Void,
    random: @escaping @Sendable () -> UInt64, uptime: (@Sendable () -> Int64)? = nil
  ) {
    clock = now
    wait = sleep
    draw = random
    ticks = uptime
  }

  /// The current time.
  public func now() -> Timestamp { clock() }

  /// Nanoseconds since some moment, by a clock that nobody sets: for durations.
  func uptime() -> Int64 { ticks?() ?? clock().milliseconds &* 1_000_000 }

  /// The seconds since an earlier `uptime`.
  func seconds(since earlier: Int64) -> Double { Double(uptime() &- earlier) / 1e9 }

  /// Sleeps for the given number of milliseconds.
  public func sleep(milliseconds: Int) async { await wait(milliseconds) }

  /// A random word.
  public func random() -> UInt64 { draw() }
}
