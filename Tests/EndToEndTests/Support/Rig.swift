import DaprClient
import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import MasteryCore
import NaiveMastery
import Synchronization

@testable import MasteryService

/// A development sidecar in this process, and what a test needs beside it.
final class Rig: BesideSidecar {
  let sidecar: DevSidecar
  let appPort: UInt16
  let client: DaprClient
  let http: HTTPClient
  let published: Published

  init(profile: DevSidecarSettings.Profile, data: String? = nil) async throws {
    appPort = try FreePort.find()
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

/// A port that nobody listens on now.
///
/// It is below those that the system hands out by itself: a process that is killed and restarted might find one of those taken by another
/// test.
enum FreePort {
  struct None: Error {}

  static func find() throws -> UInt16 {
    for _ in 0..<1_000 {
      let port = UInt16.random(in: 10_000..<32_768)
      if isFree(port) { return port }
    }
    throw None()
  }

  private static func isFree(_ port: UInt16) -> Bool {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }
}
