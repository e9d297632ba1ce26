import Foundation
import Testing
import WireTesting

@testable import Commands

/// What the Dockerfile says, beside the Deployment.
extension ManifestTests {
  /// The rest of the last line of the Dockerfile that begins with an instruction.
  private func instruction(_ name: String) throws -> String {
    let text = try String(contentsOf: Self.root.appendingPathComponent("Dockerfile"), encoding: .utf8)
    return String(try #require(text.split(separator: "\n").last { $0.hasPrefix(name + " ") }).dropFirst(name.count + 1))
  }

  private func words(_ text: String) throws -> [String] { try JSONDecoder().decode([String].self, from: Data(text.utf8)) }

  @Test("The image has the user, the port and the command that the Deployment has")
  func imageOfDeployment() throws {
    let spec = try #require(try pod()["spec"])
    let (context, container) = (try #require(spec["securityContext"]), try #require(spec["containers"]?[0]))
    let user = [context["runAsUser"], context["runAsGroup"]].compactMap { $0?.text }
    #expect(try instruction("USER") == user.joined(separator: ":") && user.count == 2)
    #expect(try instruction("EXPOSE") == container["ports"]?[0]?["containerPort"]?.text)
    #expect(try words(instruction("CMD")) == container["args"]?.elements.compactMap(\.text))
    #expect(try words(instruction("ENTRYPOINT")) == ["mastery-engine"])
  }

  @Test("The image's health check is a command of the program, asked as often as the liveness probe, and as often in vain before it counts")
  func healthCheck() throws {
    let probe = try #require(try pod()["spec"]?["containers"]?[0]?["livenessProbe"])
    let check = try #require(try instruction("HEALTHCHECK").firstMatch(of: /--interval=(\d+)s --timeout=(\d+)s .*--retries=(\d+) CMD (.*)/))
    #expect(String(check.1) == probe["periodSeconds"]?.text && String(check.3) == probe["failureThreshold"]?.text)
    // The command gives up by itself, after 2 s at each of two addresses, before it is killed.
    #expect(try #require(Int(check.2)) > 4)
    try CommandCheck(manifests: Manifests()).check(words(String(check.4)))
    #expect(try words(String(check.4)) == ["mastery-engine", HealthCommand.usage.command])
  }
}
