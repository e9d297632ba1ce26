internal import DevSidecar

/// `sidecar`: the development sidecar by itself, until it is told to stop.
struct SidecarCommand: Command {
  static let usage = Usage(
    command: "sidecar",
    purpose: "Runs the development sidecar, which answers as Dapr's does, in memory or on SQLite.",
    options: [
      .init("port", "PORT", "where it listens (3500)"),
      .init("app-port", "PORT", "where the app listens (8005)"),
      .init("app-id", "ID", "the app's name (mastery-engine)"),
      .init("components", "FOLDER", "the component files (components/dev)"),
      .init("data", "FOLDER", "keeps state and undelivered messages there (in memory)"),
      .init("profile", "NAME", "the store that it answers like: memory, sqlite, redis or postgres (memory)"),
    ])

  let settings: DevSidecarSettings

  init(_ arguments: CallArguments) throws(CommandFailure) {
    var settings = DevSidecarSettings(
      port: try arguments.port("port") ?? 3500, appPort: try arguments.port("app-port") ?? 8005,
      appID: arguments.options["app-id"] ?? "mastery-engine", components: arguments.options["components"] ?? "components/dev")
    settings.data = arguments.options["data"]
    if let name = arguments.options["profile"] {
      guard let profile = DevSidecarSettings.Profile(rawValue: name) else {
        throw .wrongCall("sidecar: --profile must be memory, sqlite, redis or postgres, not \"\(name)\"")
      }
      settings.profile = profile
    }
    settings.daprAPIToken = SystemEnvironment.value("DAPR_API_TOKEN")
    settings.appAPIToken = SystemEnvironment.value("APP_API_TOKEN")
    self.settings = settings
  }

  func run() async throws(CommandFailure) {
    let stop = StopSignal.listen()
    let sidecar: DevSidecar
    do {
      sidecar = try await DevSidecar(settings)
    } catch {
      throw .sidecar(error)
    }
    sidecar.begin()
    Terminal.note("the sidecar listens on \(settings.host):\(sidecar.port)")
    await stop.ended()
    await sidecar.stop(within: .seconds(10))
  }
}

extension CommandFailure {
  /// What a development sidecar that could not start means for the command.
  static func sidecar(_ failure: DevSidecarFailure) -> Self {
    switch failure {
    case .component, .noComponents: .badSetting(failure.description)
    case .data, .cannotListen, .client: .unavailable(failure.description)
    }
  }
}
