internal import Glibc
internal import HTTPClient
internal import MasteryService

/// `health`: asks the service of this machine whether it lives, as the image's `HEALTHCHECK` does.
struct HealthCommand: Command {
  static let usage = Usage(
    command: "health",
    purpose: "Asks the service on this machine whether it lives; its address comes from the same settings as the service's.",
    options: [])

  /// Milliseconds that an answer may take, as long as the probes of the Deployment wait.
  private static let deadline = 2_000

  init(_ arguments: CallArguments) {}

  func run() async throws(CommandFailure) {
    Terminal.say(try await answer(SystemEnvironment.settings))
  }

  /// Asks a service with these settings.
  ///
  /// - Parameters:
  ///   - variables: The settings.
  ///   - deadline: How long an answer may take, in milliseconds.
  /// - Returns: The address and its answer's status, 200.
  /// - Throws: `CommandFailure.badSetting` if a setting that says where to ask is wrong, `unavailable` if nothing answers, `incomplete` if
  ///   the answer is not 200.
  func answer(_ variables: [String: String], within deadline: Int = deadline) async throws(CommandFailure) -> String {
    let addresses = try Self.addresses(variables)
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    for address in addresses {
      var call = HTTPCall("GET", address, deadline: deadline)
      // The certificate is for the name by which others know the service, and nothing secret is sent.
      call.provesServer = false
      guard let answer = try? await client.send(call) else { continue }
      guard answer.status == 200 else { throw .incomplete("\(address) must answer 200, got \(answer.status)") }
      return "\(address): \(answer.status)"
    }
    throw .unavailable("no service answers at \(addresses.joined(separator: " or ")) within \(deadline) ms")
  }

  /// Where a service with these settings may be asked from this machine, the likelier address first.
  ///
  /// No other setting is read: a key's file that is just being replaced does not make a running service unhealthy.
  ///
  /// - Throws: `CommandFailure.badSetting` naming the first invalid setting.
  static func addresses(_ variables: [String: String]) throws(CommandFailure) -> [String] {
    let read = try ServeCommand.read(variables.filter { ["ENVIRONMENT", "APP_HOST", "APP_PORT", "SECRET_STORE_NAME"].contains($0.key) })
    let speaksTLS = ["TLS_CERTIFICATE", "TLS_PRIVATE_KEY"].allSatisfy { !(variables[$0]?.isEmpty ?? true) }
    // A secret store may have the certificate, and only the service knows whether it has.
    let schemes = speaksTLS ? ["https"] : read.secretStore == nil ? ["http"] : ["http", "https"]
    return schemes.map { "\($0)://\(reachable(read.listeningHost)):\(read.port)/healthz" }
  }

  /// The address by which this machine reaches a listener, an IPv6 one in brackets: its own, or loopback where it listens on all.
  ///
  /// A service that listens on all IPv6 addresses listens on the IPv4 ones too, and on those alone where the kernel has no IPv6.
  private static func reachable(_ host: String) -> String {
    var address = in6_addr()
    guard inet_pton(AF_INET6, host, &address) == 1 else { return host == "0.0.0.0" ? "127.0.0.1" : host }
    let listensOnAll = withUnsafeBytes(of: address) { bytes in bytes.allSatisfy { $0 == 0 } }
    return listensOnAll ? "127.0.0.1" : "[\(host)]"
  }
}
