internal import Glibc
internal import Synchronization

/// The signals that begin and end a simulated outage in a development sidecar: SIGUSR1 for the store, SIGUSR2 for the broker.
enum OutageSignal: CaseIterable {
  case store
  case broker

  private static let listener = Mutex<(@Sendable (OutageSignal) -> Void)?>(nil)

  /// The signal's number.
  var number: Int32 {
    switch self {
    case .store: SIGUSR1
    case .broker: SIGUSR2
    }
  }

  /// Starts reporting each of these signals, which then no longer end the process.
  static func listen(_ tell: @escaping @Sendable (OutageSignal) -> Void) { listener.withLock { $0 = tell } }

  /// Reports a received signal to the listener.
  ///
  /// - Returns: Whether it is one of these signals and there is a listener.
  static func take(_ number: Int32) -> Bool {
    guard let signal = allCases.first(where: { $0.number == number }), let tell = listener.withLock({ $0 }) else { return false }
    tell(signal)
    return true
  }
}
