public import HTTPClient
public import JSON

/// The sidecar's HTTP API, as it was recorded from Dapr 1.17.
///
/// Reading nothing, saving nothing and publishing nothing send no request.
public struct DaprClient: Sidecar {
  let channel: SidecarChannel
  let statePath: String
  private let broker: BrokerComponents

  /// A client of one sidecar.
  ///
  /// - Parameters:
  ///   - endpoint: Scheme, host and port: `http://127.0.0.1:3500`.
  ///   - stateStore: The name of the state store's component.
  ///   - broker: The names of the broker's components.
  ///   - apiToken: What the sidecar wants as `dapr-api-token`; nil sends none.
  ///   - http: What carries the requests.
  public init(endpoint: String, stateStore: String, broker: BrokerComponents, apiToken: String?, http: HTTPClient) {
    channel = SidecarChannel(endpoint: endpoint, apiToken: apiToken, http: http)
    statePath = "/v1.0/state/" + PercentEncoding.pathPart(stateStore)
    self.broker = broker
  }

  /// Reads values by key in one request; the answers stand in the order of the keys.
  ///
  /// - Parameters:
  ///   - keys: The keys, without repetition.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: For each key what stands there; a key that the answer leaves out is `failed`.
  /// - Throws: `SidecarFailure` when there is no answer for any key; `unintelligible` for one without a body.
  public func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    guard !keys.isEmpty else { return [] }
    let answer = try await channel.tell("POST", statePath + "/bulk", json: BulkGet.request(keys), context)
    return try BulkGet.read(answer, keys: keys, decode: decode)
  }

  /// Reads one value by a request of its own.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: What stands at the key; what cannot be decrypted is unreadable.
  /// - Throws: `SidecarFailure` when the sidecar does not say.
  public func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    let answer = try await channel.ask("GET", statePath + "/" + PercentEncoding.pathPart(key), context)
    return try SingleGet.read(answer, decode: decode)
  }

  /// Saves values, each by itself: what failed for one says nothing of the others.
  ///
  /// What is over 4 MiB together goes in several requests, one after the other; all are tried, whatever became of those before.
  ///
  /// - Parameters:
  ///   - items: What to save where, and on which condition.
  ///   - context: Deadline (of each request) and trace.
  /// - Throws: `SidecarFailure` when at least one was not saved; of several the worst: no
  ///   answer is worse than a refusal, and that is worse than what another read can mend.
  public func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    var worst: SidecarFailure?
    for piece in RequestPieces.cut(items, size: { $0.sizeBound }) {
      do throws(SidecarFailure) {
        try await channel.tell("POST", statePath, json: piece.saving(), context)
      } catch {
        worst = error.orWorse(worst)
      }
    }
    if let worst { throw worst }
  }

  /// Deletes a key, with an ETag only where it still stands; a missing key is no failure.
  ///
  /// - Throws: `SidecarFailure.conflict` when the ETag stands no more; any other when the sidecar could not do it.
  public func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    let path = statePath + "/" + PercentEncoding.pathPart(key)
    if let etag {
      try await channel.tell("DELETE", path + "?concurrency=first-write", headers: [("If-Match", etag)], context)
    } else {
      try await channel.tell("DELETE", path, context)
    }
  }

  /// Saves and deletes together; on some stores (Redis) what came before a failure stays written.
  ///
  /// A transaction is one request, however large.
  ///
  /// - Throws: `SidecarFailure.failed` also where an ETag did not match: the sidecar does not tell these apart here.
  public func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    guard !operations.isEmpty else { return }
    try await channel.tell("POST", statePath + "/transaction", json: StateOperation.request(operations), context)
  }

  /// Publishes one event.
  ///
  /// - Throws: `SidecarFailure` when the broker did not take it, or the sidecar did not say.
  public func publish(_ event: OutgoingEvent, to topic: String, context: CallContext) async throws(SidecarFailure) {
    var path = "/v1.0/publish/\(component(of: topic))/\(PercentEncoding.path(topic))"
    if let key = event.partitionKey { path += "?metadata.partitionKey=" + PercentEncoding.queryValue(key) }
    try await channel.tell("POST", path, headers: [("Content-Type", event.contentType)], body: event.body, context)
  }

  /// Publishes events in as few requests as the sidecar's limit of 4 MiB allows, one after the other.
  ///
  /// A request that was refused or had no answer makes all its events failed, as long as another request was answered.
  ///
  /// - Parameters:
  ///   - events: The events in order.
  ///   - topic: Where they go.
  ///   - context: Deadline (of each request) and trace.
  /// - Returns: The positions of those that the broker did not take, or of which it is unknown, rising; empty when all were taken.
  /// - Throws: `SidecarFailure` when of no request the sidecar said which were taken; of several failures the worst.
  public func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    let path = "/v1.0-alpha1/publish/bulk/\(component(of: topic))/\(PercentEncoding.path(topic))"
    var failed: [Int] = []
    var worst: SidecarFailure?
    var isAnswered = events.isEmpty
    for piece in RequestPieces.cut(events, size: { $0.sizeBound }) {
      do throws(SidecarFailure) {
        let answer = try await channel.ask("POST", path, json: piece.publishing(), context)
        failed += try BulkPublish.failures(in: answer, positions: piece.items.indices)
        isAnswered = true
      } catch {
        failed += piece.items.indices
        worst = error.orWorse(worst)
      }
    }
    if let worst, !isAnswered { throw worst }
    return failed
  }

  private func component(of topic: String) -> String { PercentEncoding.pathPart(broker.component(of: topic)) }

  /// Calls another service through the sidecar and hands back its answer, whatever its status.
  ///
  /// An unknown service is a status too: 500 with `ERR_DIRECT_INVOKE`.
  ///
  /// - Throws: `SidecarFailure` when there is no answer.
  public func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    let path = "/v1.0/invoke/\(PercentEncoding.pathPart(call.app))/method/\(PercentEncoding.target(call.path))"
    let answer = try await channel.ask(call.method, path, headers: call.headers, body: call.body, context)
    return InvocationAnswer(status: answer.status, headers: answer.headers, body: answer.body)
  }

  /// The values of a secret by name; a store with single values answers one under the secret's own name.
  ///
  /// - Throws: `SidecarFailure.unauthorized` for an unknown store too, `failed` for an unknown secret: so the sidecar words them.
  public func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    let path = "/v1.0/secrets/\(PercentEncoding.pathPart(store))/\(PercentEncoding.pathPart(name))"
    let answer = try await channel.tell("GET", path, context)
    return try answer.json { root in
      var values: [String: String] = [:]
      for (key, value) in root.members {
        guard let text = value.string else { return nil }
        values[key.string] = text
      }
      return root.kind == .object ? values : nil
    }
  }

  /// What the sidecar says of itself.
  ///
  /// - Throws: `SidecarFailure` when it says nothing that can be read.
  public func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    return try await channel.tell("GET", "/v1.0/metadata", context).json { SidecarMetadata($0) }
  }

  /// Whether the sidecar has its components up (it says nothing of whether Redis or Kafka still are).
  public func isReady(context: CallContext) async -> Bool {
    (try? await channel.tell("GET", "/v1.0/healthz/outbound", context)) != nil
  }
}
