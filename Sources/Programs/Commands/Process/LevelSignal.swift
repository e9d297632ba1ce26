internal import Glibc
internal import Synchronization

/// The signal that asks a serving program to log everything, and the next time as much as before: SIGHUP.
enum LevelSignal {
  /// The signal's number.
  static let number = SIGHUP

  private static let listener = Mutex<(@Sendable () -> Void)?>(nil)

  /// Starts reporting the signal, which then no longer ends the process.
  static func listen(_ tell: @escaping @Sendable () -> Void) { listener.withLock { $0 = tell } }

  /// Reports a received signal to the listener.
  ///
  /// - Returns: Whether it is this signal and there is a listener.
  static func take(_ number: Int32) -> Bool {
    guard number == Self.number, let tell = listener.withLock({ $0 }) else { return false }
    tell()
    return true
  }
}
