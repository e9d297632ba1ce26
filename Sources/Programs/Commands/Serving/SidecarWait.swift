internal import DaprClient
internal import MasteryCore
internal import MasteryService

/// The wait for a sidecar that may start after the service.
struct SidecarWait: Sendable {
  /// Milliseconds between two checks.
  private static let pause = 50
  /// Milliseconds between two log lines about the wait.
  private static let reminder: Int64 = 5_000

  let sidecar: any Sidecar
  let endpoint: String
  let runtime: Runtime
  let log: Log

  /// Checks until the sidecar is ready, and logs immediately and every 5 seconds that it is not.
  ///
  /// - Returns: False if the task was cancelled first.
  func end() async -> Bool {
    let context = CallContext(deadline: 1_000)
    var logged: Timestamp?
    while !Task.isCancelled {
      if await sidecar.isReady(context: context) {
        log(LogLine(.info, "the sidecar is ready", [("sidecar", .text(endpoint))]), at: runtime.now())
        return true
      }
      let now = runtime.now()
      if logged.map({ now >= $0.adding(milliseconds: Self.reminder) }) ?? true {
        log(LogLine(.warning, "the sidecar does not answer yet; the start waits for it", [("sidecar", .text(endpoint))]), at: now)
        logged = now
      }
      await runtime.sleep(milliseconds: Self.pause)
    }
    return false
  }
}
