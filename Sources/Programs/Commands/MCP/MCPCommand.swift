internal import HTTPClient
internal import Synchronization

/// `mcp`: speaks the Model Context Protocol over standard input and output, for a running engine.
struct MCPCommand: Command {
  static let usage = Usage(
    command: "mcp",
    purpose: "Serves agents: the Model Context Protocol over standard input and output, for an engine that runs elsewhere. "
      + "MASTERY_TOKEN holds the token to ask with.",
    options: [
      .init("engine", "URL", "the engine to ask, or a sidecar's way to it (\(EngineClient.usualAddress))"),
      .init("school", "ID", "the school, for a token that is for every school"),
    ])

  /// Keeps the lines of answers apart.
  private static let output = Mutex(())

  private let address: String
  private let school: String?

  init(_ arguments: CallArguments) throws(CommandFailure) {
    address = try arguments.address("engine") ?? EngineClient.usualAddress
    school = arguments.options["school"]
  }

  func run() async throws(CommandFailure) {
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let bridge = MCPBridge(client: client, address: address, school: school, token: SystemEnvironment.value("MASTERY_TOKEN"))
    let lines = try StandardInput.lines(limit: MCPBridge.longestLine, atATime: MCPBridge.mostOpen)
    let (events, event) = AsyncStream<Event>.makeStream()
    Task {
      for await line in lines { event.yield(.line(line)) }
      event.yield(.inputEnded)
    }
    // Messages are answered side by side, as each is ready; their ids tell which answer is whose.
    for await next in events {
      switch next {
      case .line(let line):
        let message = bridge.take(line.bytes)
        Task {
          if let answer = await bridge.answer(message), !Self.say(answer) { event.yield(.outputEnded) }
          bridge.finish(message)
          line.done()
        }
        continue
      case .inputEnded: await Self.wait(for: bridge)
      case .outputEnded: break
      }
      break
    }
  }

  private enum Event {
    case line(StandardInput.Line)
    case inputEnded
    /// Nobody reads the answers any more.
    case outputEnded
  }

  /// Writes an answer; false if it could not be written.
  private static func say(_ answer: [UInt8]) -> Bool {
    output.withLock { _ in
      Terminal.say(String(decoding: answer, as: UTF8.self))
      return !Terminal.hasLostOutput
    }
  }

  /// Waits for the answers that are still open, as long as whoever asked may be waiting too.
  private static func wait(for bridge: MCPBridge) async {
    for _ in 0..<patience where bridge.isAwaited { try? await Task.sleep(for: .milliseconds(20)) }
  }

  /// Times 20 ms that open answers are waited for when the input has ended: 10 s.
  private static let patience = 500
}
