internal import HTTPServer
internal import MasteryCore
internal import MasteryService

/// Where the service will listen, open from the very beginning, so that probes and the sidecar find somebody there.
struct Entrance: Sendable {
  let application: StartingService
  let server: HTTPServer
  /// What it speaks TLS by; nil where it does not.
  let tls: Configuration.TLS?

  /// Starts listening for a service that is still to come.
  ///
  /// - Parameters:
  ///   - configuration: Address and port, and what is known of TLS.
  ///   - runtime: The clock, waiting, chance.
  /// - Throws: `CommandFailure.unavailable` when the port cannot be listened on.
  init(_ configuration: Configuration, runtime: Runtime) throws(CommandFailure) {
    application = StartingService(runtime: runtime)
    server = try HTTPServer.open(configuration, application: application)
    tls = configuration.tls
  }

  /// Closes it where no service has come.
  func close() async {
    application.end()
    await server.stop(within: .seconds(1))
  }
}

extension HTTPServer {
  /// Starts a server as the settings want it.
  ///
  /// - Throws: `CommandFailure.unavailable` when the port cannot be listened on.
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
