internal import MasteryCore
internal import Metrics
internal import Synchronization

/// Reports the state of the public keys to operators.
final class KeyReport: Sendable {
  /// Milliseconds between two log lines with the same content.
  private static let pause: Int64 = 60_000

  private let metrics: ServiceMetrics
  private let log: Log
  private let warned = Mutex<(isExpired: Bool, at: Timestamp)?>(nil)

  /// Creates a report to metrics and log.
  init(metrics: ServiceMetrics, log: Log) {
    self.metrics = metrics
    self.log = log
  }

  /// Records a finding.
  func take(_ finding: KeyRing.Finding, now: Timestamp) {
    switch finding {
    case .read(let keys, let leftOut):
      metrics.publicKeys.set(Double(keys))
      let wasUnreadable = warned.withLock { warned in
        defer { warned = nil }
        return warned != nil
      }
      if keys == 0 { log(LogLine(.warning, "JWT_JWKS holds no key that can be used: tokens signed by public keys are refused"), at: now) }
      if keys > 0, wasUnreadable { log(LogLine(.info, "JWT_JWKS can be read again", [("keys", .integer(keys))]), at: now) }
      if leftOut > 0 {
        log(
          LogLine(
            .warning, "JWT_JWKS holds more than \(KeySet.countLimit) keys: those behind them are not taken",
            [("left_out", .integer(leftOut))]),
          at: now)
      }
    case .unfetched(let keys):
      metrics.unreadableKeys.add()
      guard isDue(isExpired: keys == 0, now) else { return }
      log(
        keys == 0
          ? LogLine(.error, "JWT_JWKS cannot be fetched through the sidecar: tokens signed by public keys are refused until they can be")
          : LogLine(
            .warning, "JWT_JWKS cannot be fetched through the sidecar: its former keys stay in force", [("keys", .integer(keys))]),
        at: now)
    case .unreadable(let left):
      metrics.unreadableKeys.add()
      guard isDue(isExpired: false, now) else { return }
      log(
        LogLine(
          .warning, "JWT_JWKS is missing or no JWK set: its former keys stay in force for a while",
          [("seconds", .integer(Int(left / 1_000)))]),
        at: now)
    case .expired:
      metrics.unreadableKeys.add()
      metrics.publicKeys.set(0)
      guard isDue(isExpired: true, now) else { return }
      log(
        LogLine(.error, "JWT_JWKS is missing or no JWK set for 5 minutes: its former keys are in force no more, tokens are refused"),
        at: now)
    }
  }

  private func isDue(isExpired: Bool, _ now: Timestamp) -> Bool {
    warned.withLock { warned in
      if let last = warned, last.isExpired == isExpired, now >= last.at, now < last.at.adding(milliseconds: Self.pause) { return false }
      warned = (isExpired, now)
      return true
    }
  }
}
