import Foundation
import HTTPServer
import Testing
import WireTesting

@testable import Commands

@Suite("health, by which a container asks its own service")
struct HealthCommandTests {
  /// What the command says, with more time for an answer than it gives, since the machine may be busy.
  private func answer(_ variables: [String: String], within deadline: Int = 120_000) async throws(CommandFailure) -> String {
    try await HealthCommand(CallArguments([], HealthCommand.usage)).answer(variables, within: deadline)
  }

  @Test(
    "The service is asked where its settings say that it listens, and on loopback where it listens on all addresses",
    arguments: [
      ([:], ["http://127.0.0.1:8005/healthz"]),
      (["ENVIRONMENT": "development"], ["http://127.0.0.1:8005/healthz"]),
      (["APP_HOST": "0.0.0.0", "APP_PORT": "80"], ["http://127.0.0.1:80/healthz"]),
      (["APP_HOST": "10.0.0.7"], ["http://10.0.0.7:8005/healthz"]),
      (["APP_HOST": "::"], ["http://127.0.0.1:8005/healthz"]),
      (["APP_HOST": "[0::0]"], ["http://127.0.0.1:8005/healthz"]),
      (["APP_HOST": "fd00::7"], ["http://[fd00::7]:8005/healthz"]),
      (["TLS_CERTIFICATE": "/nowhere/c.pem", "TLS_PRIVATE_KEY": "/nowhere/k.pem"], ["https://127.0.0.1:8005/healthz"]),
      (["TLS_CERTIFICATE": "/nowhere/c.pem", "TLS_PRIVATE_KEY": ""], ["http://127.0.0.1:8005/healthz"]),
      (["SECRET_STORE_NAME": "vault"], ["http://127.0.0.1:8005/healthz", "https://127.0.0.1:8005/healthz"]),
      (
        ["SECRET_STORE_NAME": "vault", "TLS_CERTIFICATE": "c", "TLS_PRIVATE_KEY": "k"],
        ["https://127.0.0.1:8005/healthz"]
      ),
      // What the service needs and the question does not may be wrong.
      (["JWT_JWKS": "/nowhere", "GDPR_RETENTION_DAYS": "0"], ["http://127.0.0.1:8005/healthz"]),
    ] as [([String: String], [String])])
  func addresses(variables: [String: String], expected: [String]) throws {
    #expect(try HealthCommand.addresses(variables) == expected)
  }

  @Test("A setting that says where to ask and is wrong ends health with status 78", arguments: ["APP_PORT", "APP_HOST", "ENVIRONMENT"])
  func wrongSetting(name: String) async throws {
    let failure = await #expect(throws: CommandFailure.self) { try await answer([name: "x y"]) }
    #expect(failure?.status == 78 && failure?.message.hasPrefix(name) == true)
  }

  @Test("A service that answers 200 is healthy, one that answers anything else ends health with status 1")
  func answers() async throws {
    let application = ScriptedApplication { HTTPResponse(status: $0.head.target == "/healthz" ? 200 : 404) }
    let server = try application.serve()
    #expect(try await answer(["APP_PORT": "\(server.port)"]) == "http://127.0.0.1:\(server.port)/healthz: 200")
    await server.stop(within: .seconds(1))
    for status in [204, 401, 503] {
      let other = try ScriptedApplication { _ in HTTPResponse(status: status) }.serve()
      let failure = await #expect(throws: CommandFailure.self) { try await answer(["APP_PORT": "\(other.port)"]) }
      #expect(failure?.status == 1 && failure?.message.contains("got \(status)") == true)
      await other.stop(within: .seconds(1))
    }
  }

  @Test("health ends with status 69 where nobody listens, and where nobody answers in time")
  func silence() async throws {
    let listener = RawListener(nil)
    defer { listener.close() }
    for port in [try reservedPort(), listener.port] {
      let failure = await #expect(throws: CommandFailure.self) { try await answer(["APP_PORT": "\(port)"], within: 50) }
      #expect(failure?.status == 69 && failure?.message.contains(":\(port)/") == true)
    }
  }

  @Test("A service whose certificate nobody knows is asked over TLS, also where only the secret store can tell that it has one")
  func tls() async throws {
    let (tls, folder) = try await OpenSSL.certificate()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ScriptedApplication { _ in .text("{}") }.serve { $0.tls = tls }
    let port = "\(server.port)"
    for variables in [["TLS_CERTIFICATE": tls.certificate, "TLS_PRIVATE_KEY": tls.privateKey], ["SECRET_STORE_NAME": "vault"]] {
      #expect(try await answer(variables.merging(["APP_PORT": port]) { $1 }) == "https://127.0.0.1:\(port)/healthz: 200")
    }
    let failure = await #expect(throws: CommandFailure.self) { try await answer(["APP_PORT": port]) }
    #expect(failure?.status == 69)
    await server.stop(within: .seconds(1))
  }

  @Test("A running service is healthy while it waits for its sidecar, and is not once it has ended")
  func process() async throws {
    let settings = ["JWT_SECRET": String(repeating: "x", count: 32), "APP_API_TOKEN": "t"]
    let serve = try ServeProcess(.init(isReady: false), settings: settings)
    #expect(await serve.waits(for: 200, at: "/healthz"))
    let environment = settings.merging(["APP_PORT": "\(serve.port)"]) { $1 }
    var healthy = try await health(environment)
    // A busy machine may take longer than the command waits.
    for _ in 0..<60 where healthy.status == 69 { healthy = try await health(environment) }
    #expect(healthy.status == 0 && healthy.said == "http://127.0.0.1:\(serve.port)/healthz: 200\n")
    serve.terminate()
    _ = await serve.end()
    #expect(try await health(environment).status == 69)
  }

  /// The built program's exit status and standard output.
  private func health(_ environment: [String: String]) async throws -> (status: Int32, said: String) {
    let process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = ["health"]
    process.environment = environment
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let said = await onThread { String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
    process.waitUntilExit()
    return (process.terminationStatus, said)
  }
}
