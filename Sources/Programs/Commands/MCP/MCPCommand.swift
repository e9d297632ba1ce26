internal import HTTPClient
internal import Synchronization

/// `mcp`: speaks the Model Context Protocol over standard input and output, for a running engine.
struct MCPCommand: Command {
  static let usage = Usage(
    command: "mcp",
    purpose: "Serves agents: the Model Context Protocol over standard input and output, for an engine that runs elsewhere. "
      + "MASTERY_TOKEN holds the token to ask with.",
    options: [
      .init("engine", "URL", "the engine to ask, or a sidecar's way to it (http://127.0.0.1:8005)"),
      .init("school", "ID", "the school, for a token that is for every school"),
    ])

  /// Keeps the lines of answers apart.
  private static let output = Mutex(())

  private let address: String
  private let school: String?

  init(_ arguments: CallArguments) throws(CommandFailure) {
    address = try arguments.address("engine") ?? "http://127.0.0.1:8005"
    school = arguments.options["school"]
  }

  func run() async throws(CommandFailure) {
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let bridge = MCPBridge(client: client, address: address, school: school, token: SystemEnvironment.value("MASTERY_TOKEN"))
    let lines = try StandardInput.lines(limit: MCPBridge.longestMessage)
    // Messages are answered side by side, as each is ready; their ids tell which answer is whose.
    await withDiscardingTaskGroup { group in
      for await line in lines {
        let message = bridge.take(line)
        group.addTask {
          guard let answer = await bridge.answer(message) else { return }
          Self.output.withLock { _ in Terminal.say(String(decoding: answer, as: UTF8.self)) }
        }
      }
    }
  }
}
