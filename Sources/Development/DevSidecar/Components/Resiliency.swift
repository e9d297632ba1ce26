/// What the resiliency files say about the components.
struct Resiliency: Sendable {
  /// What applies to one component.
  struct Target: Hashable, Sendable {
    /// How deliveries are retried; nil for no retries.
    var inboundRetry: RetryPolicy?
    /// How long a delivery may take, in milliseconds.
    var inboundTimeout: Int64?
    /// How long a call of the component may take, in milliseconds.
    var outboundTimeout: Int64?
    /// When calls of the component are rejected.
    var outboundBreaker: BreakerPolicy?
  }

  private(set) var targets: [String: Target] = [:]
  /// The names of the resources, as `metadata` lists them.
  private(set) var names: [String] = []

  /// Adds the content of a file of kind `Resiliency`.
  mutating func add(_ root: ComponentField) throws(DevSidecarFailure) {
    names.append(root["metadata"]["name"].node?.text ?? "")
    let policies = root["spec"]["policies"]
    for (name, field) in root["spec"]["targets"]["components"].members {
      var target = targets[name] ?? Target()
      let inbound = field["inbound"]
      let outbound = field["outbound"]
      if let found = try Self.policy(inbound["retry"], policies["retries"]) { target.inboundRetry = try RetryPolicy(found) }
      if let found = try Self.policy(inbound["timeout"], policies["timeouts"]) { target.inboundTimeout = try found.duration() }
      if let found = try Self.policy(outbound["timeout"], policies["timeouts"]) { target.outboundTimeout = try found.duration() }
      if let found = try Self.policy(outbound["circuitBreaker"], policies["circuitBreakers"]) {
        target.outboundBreaker = try BreakerPolicy(found)
      }
      targets[name] = target
    }
  }

  /// The policy that a target names.
  private static func policy(_ field: ComponentField, _ policies: ComponentField) throws(DevSidecarFailure) -> ComponentField? {
    guard field.node != nil else { return nil }
    let found = policies[try field.text()]
    guard found.node != nil else { throw field.wrong("names a policy that \(policies.path) does not have") }
    return found
  }
}
