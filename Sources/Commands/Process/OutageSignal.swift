internal import Glibc
internal import Synchronization

/// The signals that begin and end an outage of what a development sidecar stands for: SIGUSR1 of the store, SIGUSR2 of the broker.
enum OutageSignal: CaseIterable {
  case store
  case broker

  private static let listener = Mutex<(@Sendable (OutageSignal) -> Void)?>(nil)

  /// The number by which the system knows it.
  var number: Int32 {
    switch self {
    case .store: SIGUSR1
    case .broker: SIGUSR2
    }
  }

  /// From now on each of the signals is told, instead of ending the process.
  static func listen(_ tell: @escaping @Sendable (OutageSignal) -> Void) { listener.withLock { $0 = tell } }

  /// Tells whoever listens of a signal that came.
  ///
  /// - Returns: Whether it is one of these and somebody listens.
  static func take(_ number: Int32) -> Bool {
    guard let signal = allCases.first(where: { $0.number == number }), let tell = listener.withLock({ $0 }) else { return false }
    tell(signal)
    return true
  }
}
