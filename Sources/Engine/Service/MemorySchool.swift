internal import DaprClient
internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A school in memory: the service over a store and a broker of its own, which is told what happened and then asked.
///
/// What the broker holds is delivered only when somebody says so.
struct MemorySchool: Sendable {
  /// The configuration's secret, for tokens and for the sidecar.
  private static let secret = "a secret of the sample, which signs nothing else"

  private let service: MasteryService
  private let sidecar = MemorySidecar(keepsMessages: true)
  private let tokens: [Caller.Role: String]

  /// Creates an empty school.
  ///
  /// - Parameters:
  ///   - school: The school's id; nil for data without a school.
  ///   - intents: What may be asked.
  ///   - runtime: The clock and the random numbers; sleeping only yields.
  ///   - configure: Changes the settings, which are otherwise the standard ones.
  init(_ school: SchoolID?, _ intents: IntentTable, _ runtime: Runtime, configure: (inout Configuration) -> Void = { _ in }) {
    var configuration = Configuration()
    configuration.jwtSecret = Self.secret
    configuration.appToken = Self.secret
    configure(&configuration)
    let log = Log(level: .error, format: .json) { _ in }
    service = MasteryService(configuration, sidecar: sidecar, runtime: runtime, log: log, intents: intents)
    let mint = TokenMint(configuration)
    var tokens: [Caller.Role: String] = [:]
    for role in Caller.Role.allCases {
      var order = TokenMint.Order(subject: "sample-\(role.rawValue)", role: role.rawValue)
      order.school = school?.text
      tokens[role] = mint?.token(order, now: runtime.now())
    }
    self.tokens = tokens
  }

  /// Delivers a body to a topic, and returns the answer.
  @discardableResult
  func deliver(_ body: [UInt8], to topic: String) async -> HTTPResponse {
    let head = HTTPRequestHead(
      method: "POST", target: "\(Subscriptions.routePrefix)\(topic)",
      fields: [HTTPField("Content-Type", "application/cloudevents+json"), HTTPField("dapr-api-token", Self.secret)])
    return await service.answer(HTTPRequest(head: head, body: body))
  }

  /// Delivers what waits on a topic of the service itself.
  func redeliver(_ topic: String) async {
    for message in take(from: topic) { await deliver(message, to: topic) }
  }

  /// Takes the messages that wait on a topic.
  func take(from topic: String) -> [[UInt8]] { sidecar.take(from: topic).map(\.body) }

  /// Answers a request as for a role that may ask about everybody.
  ///
  /// - Parameters:
  ///   - intent: What is asked.
  ///   - request: The JSON text of all fields, path fields included.
  ///   - role: The role; the first that may ask about everybody, unless said otherwise.
  /// - Returns: The answer; nil if the text is no object, or lacks a field of the path.
  func answer(to intent: any Intent.Type, _ request: [UInt8], as role: Caller.Role? = nil) async -> HTTPResponse? {
    let declaration = intent.declaration
    let role = role ?? Caller.Role.allCases.first { declaration.audience.reach(of: $0) == .everybody } ?? .admin
    guard let token = tokens[role], let call = declaration.call(request) else { return nil }
    let head = HTTPRequestHead(
      method: declaration.method, target: call.target,
      fields: [
        HTTPField("Authorization", "Bearer \(token)"), HTTPField("Content-Type", "application/json"),
        HTTPField("X-Correlation-ID", "sample-\(declaration.name)"),
      ])
    let answer = await service.answer(HTTPRequest(head: head, body: call.body))
    // The next request finds this access in the trail.
    _ = await service.writeTrails()
    return answer
  }
}
