public import HTTPClient
public import JSON

/// A client for the sidecar's HTTP API, as recorded from Dapr 1.17.
///
/// Reading, saving or publishing nothing sends no request.
public struct DaprClient: Sidecar {
  let channel: SidecarChannel
  let statePath: String
  private let broker: BrokerComponents

  /// Creates a client of one sidecar.
  ///
  /// - Parameters:
  ///   - endpoint: Scheme, host and port, such as `http://127.0.0.1:3500`.
  ///   - stateStore: The name of the state store component.
  ///   - broker: The names of the broker components.
  ///   - apiToken: The token to send as `dapr-api-token`; nil sends none.
  ///   - http: The HTTP client that carries the requests.
  public init(endpoint: String, stateStore: String, broker: BrokerComponents, apiToken: String?, http: HTTPClient) {
    channel = SidecarChannel(endpoint: endpoint, apiToken: apiToken, http: http)
    statePath = "/v1.0/state/" + PercentEncoding.pathPart(stateStore)
    self.broker = broker
  }

  /// Reads values by key in one request; the results are in the order of the keys.
  ///
  /// - Parameters:
  ///   - keys: The keys, without duplicates.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: The stored value for each key; a key missing from the answer is `failed`.
  /// - Throws: `SidecarFailure` if there is no answer for any key; `unintelligible` for an answer without a body.
  public func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    guard !keys.isEmpty else { return [] }
    let answer = try await channel.tell("POST", statePath + "/bulk", json: BulkGet.request(keys), context)
    return try BulkGet.read(answer, keys: keys, decode: decode)
  }

  /// Reads one value in a request of its own.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: The stored value; a value that cannot be decrypted is unreadable.
  /// - Throws: `SidecarFailure` if the sidecar gives no answer.
  public func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    let answer = try await channel.ask("GET", statePath + "/" + PercentEncoding.pathPart(key), context)
    return try SingleGet.read(answer, decode: decode)
  }

  /// Saves values independently: the failure of one says nothing about the others.
  ///
  /// Items over 4 MiB in total are split into several requests, sent one after the other; all are tried, even if earlier ones fail.
  ///
  /// - Parameters:
  ///   - items: The values, their keys and their write conditions.
  ///   - context: Deadline (of each request) and trace.
  /// - Throws: `SidecarFailure` if at least one value was not saved. Of several failures the worst is thrown: no answer is worse than a
  ///   refusal, and a refusal is worse than a failure that another read can resolve.
  public func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    var worst: SidecarFailure?
    for piece in RequestPieces.split(items, size: { $0.sizeBound }) {
      do throws(SidecarFailure) {
        try await channel.tell("POST", statePath, json: piece.saving(), context)
      } catch {
        worst = error.orWorse(worst)
      }
    }
    if let worst { throw worst }
  }

  /// Deletes a key, with an ETag only if the ETag still matches; a missing key is not a failure.
  ///
  /// - Throws: `SidecarFailure.conflict` if the ETag no longer matches; another failure if the sidecar could not delete the key.
  public func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    let path = statePath + "/" + PercentEncoding.pathPart(key)
    if let etag {
      try await channel.tell("DELETE", path + "?concurrency=first-write", headers: [("If-Match", etag)], context)
    } else {
      try await channel.tell("DELETE", path, context)
    }
  }

  /// Saves and deletes in one transaction; on some stores (Redis) the operations before a failure stay written.
  ///
  /// A transaction is one request, however large.
  ///
  /// - Throws: `SidecarFailure.failed`, even if an ETag did not match: the sidecar does not distinguish the two here.
  public func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    guard !operations.isEmpty else { return }
    try await channel.tell("POST", statePath + "/transaction", json: StateOperation.request(operations), context)
  }

  /// Publishes one event, to an Avro topic in Avro.
  ///
  /// - Parameters:
  ///   - event: The event.
  ///   - topic: The destination topic.
  ///   - component: The broker component that takes it; nil for the topic's own.
  ///   - context: Deadline and trace.
  /// - Throws: `SidecarFailure` if the broker did not accept it, or the sidecar gave no answer.
  public func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    let component = component ?? broker.component(of: topic)
    let isAvro = broker.isAvro(topic)
    let event = isAvro ? event.forAvro : event
    var query = isAvro ? [AvroPublish.query] : []
    if let key = event.partitionKey { query.append("metadata.partitionKey=" + PercentEncoding.queryValue(key)) }
    var path = "/v1.0/publish/\(PercentEncoding.pathPart(component))/\(PercentEncoding.path(topic))"
    if !query.isEmpty { path += "?" + query.joined(separator: "&") }
    try await channel.tell("POST", path, headers: [("Content-Type", event.contentType)], body: event.body, context)
  }

  /// Publishes events in as few requests as the sidecar's limit of 4 MiB allows, one after the other.
  ///
  /// If a request is refused or gets no answer, all its events count as failed, as long as another request was answered. To an Avro topic
  /// they go in Avro; there one bad event fails all of a request, so they are then published singly.
  ///
  /// - Parameters:
  ///   - events: The events in order.
  ///   - topic: The destination topic.
  ///   - context: Deadline (of each request) and trace.
  /// - Returns: The positions of the events that the broker did not accept, or whose outcome is unknown, in ascending order; empty if all
  ///   were accepted.
  /// - Throws: `SidecarFailure` if no request got an answer that says which events were accepted; of several failures the worst.
  public func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    let isAvro = broker.isAvro(topic)
    let events = isAvro ? events.map(\.forAvro) : events
    var path = "/v1.0-alpha1/publish/bulk/\(PercentEncoding.pathPart(broker.component(of: topic)))/\(PercentEncoding.path(topic))"
    if isAvro { path += "?" + AvroPublish.query }
    var failed: [Int] = []
    var worst: SidecarFailure?
    var isAnswered = events.isEmpty
    for piece in RequestPieces.split(events, size: { $0.sizeBound }) {
      do throws(SidecarFailure) {
        let answer = try await channel.ask("POST", path, json: piece.publishing(), context)
        let untaken = try BulkPublish.failures(in: answer, positions: piece.items.indices)
        let areAll = untaken.count == piece.items.count && untaken.count > 1
        failed += isAvro && areAll ? await misfits(of: piece, to: topic, context) : untaken
        isAnswered = true
      } catch {
        failed += piece.items.indices
        worst = error.orWorse(worst)
      }
    }
    if let worst, !isAnswered { throw worst }
    return failed
  }

  /// Publishes the events of a bulk in Avro singly, after it failed as a whole.
  ///
  /// An event that does not fit the schema fails alone. With any other failure, and where none of the first ones fits, the rest is not tried.
  ///
  /// - Returns: The positions of the events that were not accepted, in ascending order.
  private func misfits(of piece: RequestPiece<OutgoingEvent>, to topic: String, _ context: CallContext) async -> [Int] {
    var failed: [Int] = []
    for (position, event) in zip(piece.items.indices, piece.items) {
      let isInVain = failed.count == position - piece.items.startIndex && failed.count >= AvroPublish.mostInVain
      do throws(SidecarFailure) {
        if isInVain { return Array(piece.items.indices) }
        try await publish(event, to: topic, through: nil, context: context)
      } catch {
        guard AvroPublish.isMisfit(error) else { return failed + (position..<piece.items.endIndex) }
        failed.append(position)
      }
    }
    return failed
  }

  /// Calls another service through the sidecar and returns its answer, whatever its status.
  ///
  /// An unknown service is also reported as a status: 500 with `ERR_DIRECT_INVOKE`.
  ///
  /// - Throws: `SidecarFailure` if there is no answer.
  public func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    let path = "/v1.0/invoke/\(PercentEncoding.pathPart(call.app))/method/\(PercentEncoding.target(call.path))"
    let answer = try await channel.ask(call.method, path, headers: call.headers, body: call.body, context)
    return InvocationAnswer(status: answer.status, headers: answer.headers, body: answer.body)
  }

  /// The values of a secret by name; a store with single values returns one under the secret's own name.
  ///
  /// - Throws: `SidecarFailure.unauthorized` even for an unknown store, `failed` for an unknown secret: these are the sidecar's own
  ///   statuses.
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

  /// The sidecar's metadata.
  ///
  /// - Throws: `SidecarFailure` if the answer is missing or unreadable.
  public func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    return try await channel.tell("GET", "/v1.0/metadata", context).json { SidecarMetadata($0) }
  }

  /// Whether the sidecar's components are initialised; this does not show whether Redis or Kafka are still up.
  public func isReady(context: CallContext) async -> Bool {
    (try? await channel.tell("GET", "/v1.0/healthz/outbound", context)) != nil
  }
}
