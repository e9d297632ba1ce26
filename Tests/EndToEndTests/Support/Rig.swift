import DaprClient
import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import MasteryCore
import NaiveMastery
import Synchronization
import WireTesting

@testable import MasteryService

/// A development sidecar in this process, and what a test needs beside it.
final class Rig: BesideSidecar {
  let sidecar: DevSidecar
  let appPort: UInt16
  let client: DaprClient
  let http: HTTPClient
  let published: Published

  init(profile: DevSidecarSettings.Profile, data: String? = nil) async throws {
    appPort = try reservedPort()
    var settings = DevSidecarSettings(
      port: 0, appPort: appPort, appID: "mastery-engine", components: Course.root.appending(path: "components/dev").path)
    settings.profile = profile
    settings.data = data
    let published = Published()
    settings.onPublish = { topic, body in
      // The events of the course itself are already known, and there are many.
      if !topic.hasPrefix("learning.") || topic == "learning.path.recommended" { published.append(topic, body) }
    }
    self.published = published
    sidecar = try await DevSidecar(settings)
    http = try HTTPClient()
    client = DaprClient(
      endpoint: "http://127.0.0.1:\(sidecar.port)", stateStore: "statestore", broker: BrokerComponents("pubsub"), apiToken: nil, http: http)
    sidecar.begin()
  }

  var endpoint: String { "http://127.0.0.1:\(sidecar.port)" }

  /// A service in this process that uses the sidecar.
  func service(now: @escaping @Sendable () -> Timestamp) -> MasteryService {
    var configuration = Configuration()
    configuration.environment = .development
    let runtime = Runtime(
      now: now, sleep: { try? await Task.sleep(for: .milliseconds($0)) },
      random: {
        var random = SystemRandomNumberGenerator()
        return random.next()
      })
    return MasteryService(configuration, sidecar: client, runtime: runtime, log: Log(level: .error, format: .json) { _ in })
  }

  /// Serves a service on the port that the sidecar delivers to.
  func serve(_ service: MasteryService) throws -> HTTPServer {
    try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: appPort), application: service)
  }

  func stop() async {
    await sidecar.stop(within: .seconds(2))
    http.stop()
  }
}
