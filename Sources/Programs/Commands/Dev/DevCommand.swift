internal import DevSidecar
internal import MasteryService

/// `dev`: the service and a development sidecar in one process, optionally with a sample of a real course.
struct DevCommand: Command {
  static let usage = Usage(
    command: "dev",
    purpose: "Runs the service with a development sidecar in one process, and shows how to call it.",
    options: [
      .init("data", "FOLDER", "keeps state and undelivered messages there (in memory)"),
      .init("demo", "publishes a sample of a real course and shows how its students stand"),
      .init("once", "leaves after that table instead of going on serving"),
      .init("all", "shows all students in that table"),
      .init("port", "PORT", "where the sidecar listens (3500, or a free one)"),
      .init("app-port", "PORT", "where the service listens (8005, or a free one)"),
      .init("components", "FOLDER", "the component files (built in: those of components/dev)"),
      .init("broker", "NAME", "the broker that it delivers like: kafka, redis or memory (as each component's type says, else kafka)"),
    ])

  private enum Happening {
    case stopped
    case shown(Result<Void, CommandFailure>)
  }

  private let ports: DevPorts
  private let data: String?
  private let components: String?
  private let broker: BrokerProfile?
  private let showsDemo: Bool
  private let showsAll: Bool
  private let leaves: Bool

  init(_ arguments: CallArguments) throws(CommandFailure) {
    ports = try DevPorts(sidecar: arguments.port("port"), app: arguments.port("app-port"))
    data = arguments.options["data"]
    components = arguments.options["components"]
    broker = try arguments.broker()
    showsDemo = arguments.isAsked("demo")
    showsAll = arguments.isAsked("all")
    leaves = arguments.isAsked("once")
    if leaves, !showsDemo { throw .wrongCall("dev: --once is for --demo") }
    if showsAll, !showsDemo { throw .wrongCall("dev: --all is for --demo") }
  }

  func run() async throws(CommandFailure) {
    let stop = StopSignal.listen()
    let pair = try await DevPair(ports, components: components, broker: broker, data: data)
    let (happenings, happening) = AsyncStream<Happening>.makeStream()
    Task {
      await stop.ended()
      happening.yield(.stopped)
    }
    Task { happening.yield(.shown(await show(pair))) }
    var result: Result<Void, CommandFailure> = .success(())
    for await next in happenings {
      if case .shown(let shown) = next {
        result = shown
        if case .success = shown, !leaves { continue }
      }
      break
    }
    await pair.stop()
    try result.get()
  }

  /// Shows the sample course, if requested, and the next steps.
  private func show(_ pair: DevPair) async -> Result<Void, CommandFailure> {
    await pair.service.ready()
    do throws(CommandFailure) {
      if showsDemo {
        let table = try await CourseDemo(pair: pair, runtime: .system).run()
        Terminal.say(table.text(limit: showsAll ? .max : 25))
      }
    } catch {
      return .failure(error)
    }
    if !leaves { Terminal.say(DevInvitation(port: pair.service.port, hasSample: showsDemo).text) }
    return .success(())
  }
}
