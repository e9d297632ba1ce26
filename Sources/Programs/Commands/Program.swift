internal import Glibc
internal import MasteryService

/// The program, which finds the called command and runs it.
public enum Program {
  private static let commands: [any Command.Type] = [
    ServeCommand.self, SidecarCommand.self, DevCommand.self, ReplayCommand.self, StudentCommand.self, TokenCommand.self,
    SkillCommand.self, VerifyCommand.self, RebuildStandingsCommand.self, DeadLettersCommand.self, BacktestCommand.self, FitCommand.self,
    MCPCommand.self, HealthCommand.self, MetricsCommand.self, TopicsCommand.self, OpenAPICommand.self, AsyncAPICommand.self,
    SchemaCommand.self,
  ]

  /// Runs a command and ends the process with its status; the main thread handles signals in the meantime.
  ///
  /// - Parameter arguments: The arguments without the program's name.
  public static func main(_ arguments: [String]) -> Never {
    StopSignal.hold()
    OpenFiles.allowMost()
    Task.detached {
      let status = await run(arguments)
      fflush(nil)
      // Not `exit`, which would tear down the process-wide state of libraries while other threads may still use it.
      _exit(status)
    }
    StopSignal.take()
  }

  /// Runs a command.
  ///
  /// - Parameter arguments: The arguments without the program's name.
  /// - Returns: The exit status: 0, 64 for a wrong call, 78 for a wrong setting, another one for other failures.
  static func run(_ arguments: [String]) async -> Int32 {
    do throws(CommandFailure) {
      switch arguments.first {
      case nil: throw .wrongCall("no command is named; mastery-engine --help lists them")
      case "--help", "-h": Terminal.say(help)
      case "--version": Terminal.say(version)
      case .some(let name):
        guard let command = commands.first(where: { $0.usage.command == name }) else {
          throw .wrongCall("there is no command \"\(name)\"; mastery-engine --help lists them")
        }
        try await run(command, Array(arguments.dropFirst()))
      }
      if let failure = Terminal.outputFailure() { throw failure }
      return 0
    } catch {
      Terminal.complain(error.message)
      return error.status
    }
  }

  /// Runs a program with a single command.
  ///
  /// - Parameters:
  ///   - type: The command.
  ///   - arguments: The arguments without the program's name.
  /// - Returns: The exit status, as above.
  package static func run(only type: any Command.Type, _ arguments: [String]) async -> Int32 {
    do throws(CommandFailure) {
      try await run(type, arguments)
      if let failure = Terminal.outputFailure() { throw failure }
      return 0
    } catch {
      Terminal.complain(error.message, by: type.usage.program)
      return error.status
    }
  }

  private static func run(_ type: (some Command).Type, _ arguments: [String]) async throws(CommandFailure) {
    let usage = type.usage(for: arguments)
    let arguments = try CallArguments(arguments, usage)
    if arguments.isAsked("help") { return Terminal.say(usage.help) }
    if arguments.isAsked("version") { return Terminal.say("\(type.usage.program) \(ServiceVersion.current)") }
    try await type.init(arguments).run()
  }

  private static var version: String { "mastery-engine \(ServiceVersion.current)" }

  private static var help: String {
    let width = (commands.map { $0.usage.command.count }.max() ?? 0) + 2
    let list = commands.map {
      "  \($0.usage.command)\(String(repeating: " ", count: width - $0.usage.command.count))\($0.usage.purpose)"
    }
    return (["usage: mastery-engine COMMAND [options]", "", "commands:"] + list + ["", "mastery-engine COMMAND --help tells more."])
      .joined(separator: "\n")
  }
}
