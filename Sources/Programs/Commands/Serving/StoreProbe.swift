internal import DaprClient
internal import MasteryCore
internal import MasteryService

/// Determines at the start whether the state store encrypts what it saves, and logs the result in one line.
///
/// Misconfigured encryption stays off without an error, and data saved before it is turned on cannot be read afterwards.
struct StoreProbe: Sendable {
  /// The key used by the probe; it holds no one's data.
  static let key = "probe:encryption"
  /// Milliseconds of the first and the longest pause between two tries.
  private static let pauses: (first: Int, longest: Int) = (500, 30_000)

  /// Writes to and reads from the store.
  let encrypts: @Sendable (CallContext) async throws(SidecarFailure) -> Bool
  let name: String
  let environment: Configuration.Environment
  let runtime: Runtime
  let log: Log

  /// Retries until the store answers; an unavailable store does not prevent serving.
  func run() async {
    var pause = Self.pauses.first
    while !Task.isCancelled {
      do {
        say(try await encrypts(CallContext()))
        return
      } catch {
        log(LogLine(.debug, "the state store does not tell yet whether it encrypts", [("reason", .text("\(error)"))]), at: runtime.now())
      }
      await runtime.sleep(milliseconds: pause)
      pause = min(2 * pause, Self.pauses.longest)
    }
  }

  private func say(_ encrypts: Bool) {
    let fields: [(name: String, value: LogLine.Value)] = [("state_store", .text(name))]
    guard !encrypts else { return log(LogLine(.info, "the state store encrypts what is saved", fields), at: runtime.now()) }
    let isProduction = environment == .production
    let advice = isProduction ? ": set primaryEncryptionKey before data is there, what was saved without it cannot be read after" : ""
    log(LogLine(isProduction ? .warning : .info, "the state store does not encrypt what is saved\(advice)", fields), at: runtime.now())
  }
}
