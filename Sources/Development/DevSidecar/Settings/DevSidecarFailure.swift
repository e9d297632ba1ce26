/// Why a development sidecar could not start.
public enum DevSidecarFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// A component file is wrong: the file, the field's path in it, and the constraint.
  case component(file: String, field: String, reason: String)
  /// The component folder cannot be read.
  case noComponents(folder: String)
  /// The folder that stands in for Kubernetes' secrets, or a file in it, cannot be read.
  case noSecrets(folder: String)
  /// The data folder or a database in it cannot be opened, or a folder of schemas cannot be read; why.
  case data(String)
  /// The port is not available.
  case cannotListen(host: String, port: UInt16)
  /// The client that calls the app could not start; why.
  case client(String)

  /// One line that says what to fix.
  public var description: String {
    switch self {
    case .component(let file, let field, let reason): "\(file): \(field) \(reason)"
    case .noComponents(let folder): "\(folder): the component folder cannot be read"
    case .noSecrets(let folder): "\(folder): the secrets cannot be read"
    case .data(let reason): reason
    case .cannotListen(let host, let port): "\(host):\(port) cannot be listened on"
    case .client(let reason): "the client that calls the app cannot start: \(reason)"
    }
  }
}
