internal import DaprClient
internal import HTTPClient
internal import MasteryService

/// `dead-letters`: shows operators the stored dead letters with an unknown owner.
struct DeadLettersCommand: Command {
  static let usage = Usage(
    command: "dead-letters",
    purpose: "Shows the kept dead letters of which nobody knows whose they are, one JSON line each, the latest first; "
      + "the settings come from the environment.",
    options: [.init("limit", "N", "how many at the most (1000)")])

  private let limit: Int

  init(_ arguments: CallArguments) throws(CommandFailure) {
    limit = try arguments.number("limit", 1...1_000_000) ?? 1_000
  }

  func run() async throws(CommandFailure) {
    let configuration = try ServeCommand.read(SystemEnvironment.settings)
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let sidecar = DaprClient(configuration, http: client)
    do {
      let count = try await UnownedDeadLetters(sidecar: sidecar).read(limit: limit, now: Runtime.system.now()) {
        Terminal.say(String(decoding: $0, as: UTF8.self))
      }
      if count == 0 { Terminal.note("no dead letter is kept of which nobody knows whose it is") }
    } catch {
      throw .unavailable("the state store does not answer: \(error)")
    }
  }
}
