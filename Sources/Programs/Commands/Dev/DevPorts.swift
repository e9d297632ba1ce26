/// The ports on which the two halves of `dev` listen.
struct DevPorts: Sendable {
  let sidecar: UInt16
  let app: UInt16

  /// Uses the given ports, and chooses free ones for the others.
  ///
  /// - Throws: `CommandFailure.unavailable` if there is no free port.
  init(sidecar: UInt16?, app: UInt16?) throws(CommandFailure) {
    guard let sidecar = sidecar ?? FreePort.choose(3500), let app = app ?? FreePort.choose(8005) else {
      throw .unavailable("there is no free port")
    }
    self.sidecar = sidecar
    self.app = app
  }
}
