internal import DevSidecar

extension DevSidecar {
  /// Starts a development sidecar for a command.
  ///
  /// - Parameters:
  ///   - settings: The settings.
  ///   - components: The folder of component files; nil uses the built-in ones.
  /// - Returns: The sidecar, listening.
  /// - Throws: `CommandFailure` that says what to fix.
  static func open(_ settings: DevSidecarSettings, components: String?) async throws(CommandFailure) -> DevSidecar {
    var settings = settings
    settings.onNote = settings.onNote ?? { Terminal.note($0) }
    if let components { settings.components = components } else { settings.components = try BuiltInComponents.make() }
    // They are read only once, at the start.
    defer { if components == nil { BuiltInComponents.remove(settings.components) } }
    do {
      let sidecar = try await DevSidecar(settings)
      for note in sidecar.notes { Terminal.note(note) }
      return sidecar
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension CommandFailure {
  /// The failure of a command whose sidecar, or the registry beside it, could not start.
  init(_ failure: DevSidecarFailure) {
    switch failure {
    case .component, .noComponents, .noSecrets: self = .badSetting(failure.description)
    case .data, .cannotListen, .client: self = .unavailable(failure.description)
    }
  }
}
