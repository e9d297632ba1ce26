internal import DaprClient
internal import MasteryCore
internal import MasteryService

/// Finds out at the start whether the state store encrypts what is saved there, and says so in one line.
///
/// Encryption that is set up wrongly is not there without a word, and what was saved before it is turned on cannot be read after.
struct StoreProbe: Sendable {
  /// The key that is written and read; it holds nothing of anybody.
  static let key = "probe:encryption"
  /// Milliseconds of the first and the longest pause between two tries.
  private static let pauses: (first: Int, longest: Int) = (500, 30_000)

  /// Writes and reads the store.
  let encrypts: @Sendable (CallContext) async throws(SidecarFailure) -> Bool
  let name: String
  let environment: Configuration.Environment
  let runtime: Runtime
  let log: Log

  /// Tries until the store answers; one that is not there yet keeps nobody from serving.
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
