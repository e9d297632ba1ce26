public import JSON

/// The service's interface to its Dapr sidecar; an HTTP client in operation, a simulation in tests.
///
/// Each call is a single try, with one deadline and no retries. After `timedOut` and `broken` it is unknown which effects of a call took
/// place.
public protocol Sidecar: Sendable {
  /// Reads values by key in one request; the results are in the order of the keys. Callers should use `load`, which isolates a key that
  /// spoils the answer for all others.
  ///
  /// - Parameters:
  ///   - keys: The keys, without duplicates.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: The stored value for each key; a failed read is `failed`, never `missing`.
  /// - Throws: `SidecarFailure` if there is no answer for any key. An answer without a body, or a connection closed without an answer,
  ///   means that one of the keys holds a value that the sidecar cannot return.
  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>]

  /// Reads one value in a request of its own.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: The stored value.
  /// - Throws: `SidecarFailure` if the sidecar gives no answer.
  func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State

  /// Saves values independently: the failure of one says nothing about the others.
  ///
  /// - Parameters:
  ///   - items: The values, their keys and their write conditions.
  ///   - context: Deadline and trace.
  /// - Throws: `SidecarFailure` if at least one was not saved; the others may have been.
  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure)

  /// Deletes a key, with an ETag only if the ETag still matches; a missing key is not a failure.
  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure)

  /// Saves and deletes in one transaction; on some stores (Redis) the operations before a failure stay written.
  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure)

  /// Publishes one event.
  ///
  /// - Parameters:
  ///   - event: The event.
  ///   - topic: The destination topic.
  ///   - component: The broker component that takes it; nil for the topic's own.
  ///   - context: Deadline and trace.
  /// - Throws: `SidecarFailure` if the broker did not accept it, or the sidecar gave no answer.
  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure)

  /// Publishes events in as few requests as the sidecar's limits allow.
  ///
  /// - Parameters:
  ///   - events: The events in order.
  ///   - topic: The destination topic.
  ///   - context: Deadline (of each request) and trace.
  /// - Returns: The positions of the events that the broker did not accept; empty if all were accepted.
  /// - Throws: `SidecarFailure` if the sidecar did not say which were accepted.
  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int]

  /// Calls another service through the sidecar and returns its answer, whatever its status.
  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer

  /// The values of a secret by name; a store with single values returns one under the secret's own name.
  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String]

  /// The sidecar's metadata.
  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata

  /// Whether the sidecar's components are initialised; this does not show whether Redis or Kafka are still up.
  func isReady(context: CallContext) async -> Bool
}

extension Sidecar {
  /// Publishes one event through the component of its topic.
  public func publish(_ event: OutgoingEvent, to topic: String, context: CallContext) async throws(SidecarFailure) {
    try await publish(event, to: topic, through: nil, context: context)
  }
}
