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
final class Rig: Sendable {
  let sidecar: DevSidecar
  let appPort: UInt16
  let client: DaprClient
  let http: HTTPClient
  let published: Published

  /// Every message that the broker accepted.
  final class Published: Sendable {
    private let messages = Mutex<[(topic: String, body: [UInt8])]>([])

    func append(_ topic: String, _ body: [UInt8]) { messages.withLock { $0.append((topic, body)) } }

    func bodies(on topics: String...) -> [[UInt8]] {
      messages.withLock { $0.filter { topics.contains($0.topic) }.map(\.body) }
    }
  }

  init(profile: DevSidecarSettings.Profile, data: String? = nil) async throws {
    appPort = try FreePort.find()
    var settings = DevSidecarSettings(
      port: 0, appPort: appPort, appID: "mastery-engine", components: Course.root.appending(path: "components/dev").path)
    settings.profile = profile
    settings.data = data
    let published = Published()
    settings.onPublish = { topic, body in
      // The events of the course itself are known already, and many.
      if !topic.hasPrefix("learning.") || topic == "learning.path.recommended" { published.append(topic, body) }
    }
    self.published = published
    sidecar = try await DevSidecar(settings)
    http = try HTTPClient()
    client = DaprClient(
      endpoint: "http://127.0.0.1:\(sidecar.port)", stateStore: "statestore", pubsub: "pubsub", apiToken: nil, http: http)
    sidecar.begin()
  }

  var endpoint: String { "http://127.0.0.1:\(sidecar.port)" }

  /// A service of this process that speaks to the sidecar.
  func service(now: @escaping @Sendable () -> Timestamp) -> MasteryService {
    var configuration = Configuration()
    configuration.environment = .development
    let edge = Edge(
      now: now, sleep: { try? await Task.sleep(for: .milliseconds($0)) },
      random: {
        var random = SystemRandomNumberGenerator()
        return random.next()
      })
    return MasteryService(configuration, sidecar: client, edge: edge, log: Log(level: .error, format: .json) { _ in })
  }

  /// Serves a service on the port that the sidecar delivers to.
  func serve(_ service: MasteryService) throws -> HTTPServer {
    try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: appPort), application: service)
  }

  /// Publishes lines of a course in their order.
  func publish(_ lines: some Sequence<Course.Line>) async throws {
    for (topic, lines) in Dictionary(grouping: lines, by: \.topic) {
      for start in stride(from: 0, to: lines.count, by: 500) {
        let events = lines[start..<min(start + 500, lines.count)].map {
          OutgoingEvent(body: Array($0.text.utf8), contentType: "application/json", partitionKey: $0.naive.student)
        }
        let failed = try await client.publish(events, to: topic, context: CallContext(deadline: 30_000))
        precondition(failed.isEmpty, "the development sidecar takes every event")
      }
    }
  }

  /// The stored documents of students, those that are there.
  func documents(of keys: [StudentKey]) async throws -> [StudentKey: StudentDocument] {
    let store = StudentStore(sidecar: client, retentionDays: 90)
    var documents: [StudentKey: StudentDocument] = [:]
    for start in stride(from: 0, to: keys.count, by: 500) {
      let some = Array(keys[start..<min(start + 500, keys.count)])
      for (key, found) in zip(some, try await store.load(some, context: CallContext(deadline: 30_000))) {
        if case .document(let document) = found.stored { documents[key] = document }
      }
    }
    return documents
  }

  func stop() async {
    await sidecar.stop(within: .seconds(2))
    http.stop()
  }
}

/// A port that nobody listens on now.
enum FreePort {
  struct None: Error {}

  static func find() throws -> UInt16 {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        guard bind(handle, address, size) == 0, getsockname(handle, address, &size) == 0 else { return nil }
        return UInt16(bigEndian: pointer.pointee.sin_port)
      }
    }
    guard let port else { throw None() }
    return port
  }
}
