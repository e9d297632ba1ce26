internal import MasteryCore
internal import Metrics
internal import Synchronization

/// Watches the two tokens between service and sidecar: `APP_API_TOKEN` on incoming calls, `DAPR_API_TOKEN` on outgoing ones.
///
/// A wrong token stops all deliveries and causes no other failure, so it is counted, logged as a warning, and remembered for `/ready`.
final class TokenWatch: Sendable {
  /// Milliseconds between two warnings about the same direction.
  private static let pause: Int64 = 10_000

  /// The token state of the sidecar's calls.
  enum Deliveries: Hashable {
    /// The latest call brought the right token.
    case trusted
    /// No call has come yet.
    case awaited
    /// The latest call brought a wrong token or none; `trustedBefore` tells whether an earlier one brought the right one.
    case refused(trustedBefore: Bool)
  }

  private struct State {
    var deliveries = Deliveries.awaited
    var isTurnedAway = false
    var warned: [TokenDirection: Timestamp] = [:]
    /// Refused calls since the last warning.
    var unwarned: [TokenDirection: Int] = [:]
  }

  private let state = Mutex(State())
  private let metrics: ServiceMetrics
  private let runtime: Runtime
  private let log: Log

  init(metrics: ServiceMetrics, runtime: Runtime, log: Log) {
    self.metrics = metrics
    self.runtime = runtime
    self.log = log
  }

  /// The token state of the sidecar's calls.
  var deliveries: Deliveries { state.withLock { $0.deliveries } }

  /// Whether the sidecar refused the latest call because of its token.
  var isTurnedAway: Bool { state.withLock { $0.isTurnedAway } }

  /// Records a sidecar call with the right token.
  func trusted() {
    state.withLock { $0.deliveries = .trusted }
  }

  /// Records a sidecar-only call without the right token.
  func refused(_ path: Substring) {
    let refused = count(.incoming) { state in
      state.deliveries = .refused(trustedBefore: state.deliveries == .trusted || state.deliveries == .refused(trustedBefore: true))
    }
    guard let refused else { return }
    warn(
      "a call that only the sidecar makes is refused: its dapr-api-token is missing or is not APP_API_TOKEN; "
        + "nothing is delivered until sidecar and service have the same token",
      [("endpoint", .text(String(path.prefix(200)))), ("refused", .integer(refused))])
  }

  /// Records that the sidecar answered a call, and so accepts the service's token.
  func letIn() {
    state.withLock { $0.isTurnedAway = false }
  }

  /// Records that the sidecar refused a call with 401.
  func turnedAway(_ message: String) {
    guard let refused = count(.outgoing, { $0.isTurnedAway = true }) else { return }
    warn(
      "the sidecar answers 401: DAPR_API_TOKEN is missing or is not the token that the sidecar asks for",
      [("answer", .text(String(message.prefix(200)))), ("refused", .integer(refused))])
  }

  /// Counts a refused call.
  ///
  /// - Returns: The number of calls since the last warning if another one is due, otherwise nil.
  private func count(_ direction: TokenDirection, _ change: (inout State) -> Void) -> Int? {
    metrics.unauthorized.add(1, direction)
    let now = runtime.now()
    return state.withLock { state in
      change(&state)
      let refused = state.unwarned[direction, default: 0] + 1
      state.unwarned[direction] = refused
      if let warned = state.warned[direction], now < warned.adding(milliseconds: Self.pause) { return nil }
      state.warned[direction] = now
      state.unwarned[direction] = 0
      return refused
    }
  }

  private func warn(_ message: String, _ fields: [(name: String, value: LogLine.Value)]) {
    log(LogLine(.warning, message, fields), at: runtime.now())
  }
}
