internal import HTTPServer
internal import MasteryCore
internal import MasteryService

/// The service's listener, open from the very beginning, so that probes and the sidecar can connect.
struct Entrance: Sendable {
  let application: StartingService
  let server: HTTPServer
  /// The TLS certificate and key; nil without TLS.
  let tls: Configuration.TLS?

  /// Starts listening for a service that does not exist yet.
  ///
  /// - Parameters:
  ///   - configuration: Address and port, and TLS as far as known.
  ///   - runtime: The clock, sleeping and randomness.
  /// - Throws: `CommandFailure.unavailable` if the port cannot be opened.
  init(_ configuration: Configuration, runtime: Runtime) throws(CommandFailure) {
    application = StartingService(runtime: runtime)
    server = try HTTPServer.open(configuration, application: application)
    tls = configuration.tls
  }

  /// Closes the listener if no service has come.
  func close() async {
    application.end()
    await server.stop(within: .seconds(1))
  }
}

extension HTTPServer {
  /// Starts a server according to the settings.
  ///
  /// - Throws: `CommandFailure.unavailable` if the port cannot be opened.
  static func open(_ configuration: Configuration, application: any HTTPApplication) throws(CommandFailure) -> HTTPServer {
    var settings = HTTPServerSettings(host: configuration.listeningHost, port: configuration.port)
    settings.tls = configuration.tls.map { HTTPServerSettings.TLS(certificate: $0.certificate, privateKey: $0.privateKey) }
    do {
      return try HTTPServer(settings, application: application)
    } catch {
      let tls = settings.tls == nil ? "" : ", or TLS_CERTIFICATE and TLS_PRIVATE_KEY are no certificate and its key"
      throw .unavailable("port \(configuration.port) of \(configuration.listeningHost) cannot be listened on\(tls)")
    }
  }
}
