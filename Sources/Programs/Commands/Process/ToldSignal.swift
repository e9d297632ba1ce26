internal import Glibc
internal import Synchronization

/// The signals that ask a running program for something else than to stop.
enum ToldSignal: CaseIterable {
  /// SIGUSR1: a development sidecar's store is to fail, or to answer again.
  case storeOutage
  /// SIGUSR2: a development sidecar's broker is to fail, or to answer again.
  case brokerOutage
  /// SIGHUP: a service is to log everything, or as much as before.
  case logLevel

  private static let listeners = Mutex<[ToldSignal: @Sendable () -> Void]>([:])

  /// The signal's number.
  var number: Int32 {
    switch self {
    case .storeOutage: SIGUSR1
    case .brokerOutage: SIGUSR2
    case .logLevel: SIGHUP
    }
  }

  /// Starts reporting the signal, which then no longer ends the process.
  func listen(_ tell: @escaping @Sendable () -> Void) { Self.listeners.withLock { $0[self] = tell } }

  /// Reports a received signal to its listener.
  ///
  /// - Returns: Whether it is one of these signals and there is a listener.
  static func take(_ number: Int32) -> Bool {
    guard let signal = allCases.first(where: { $0.number == number }), let tell = listeners.withLock({ $0[signal] }) else { return false }
    tell()
    return true
  }
}
