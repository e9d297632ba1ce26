public import JSON

/// What the service asks of its Dapr sidecar; a client over HTTP in operation, a simulated one in tests.
///
/// One call is one try: no retries, one deadline. Which of a call's effects happened is unknown after `timedOut` and `broken`.
public protocol Sidecar: Sendable {
  /// Reads values by key in one request; the answers stand in the order of the keys. `load` is what callers want: it isolates the key
  /// that spoils the answer for all others.
  ///
  /// - Parameters:
  ///   - keys: The keys, without repetition.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: For each key what stands there; one that failed is `failed`, never `missing`.
  /// - Throws: `SidecarFailure` when there is no answer for any key. An answer without a body, or a connection that closes without an
  ///   answer, says that one of the keys holds what the sidecar cannot hand out.
  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>]

  /// Reads one value by a request of its own.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: What stands at the key.
  /// - Throws: `SidecarFailure` when the sidecar does not say.
  func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State

  /// Saves values, each by itself: what failed for one says nothing of the others.
  ///
  /// - Parameters:
  ///   - items: What to save where, and on which condition.
  ///   - context: Deadline and trace.
  /// - Throws: `SidecarFailure` when at least one was not saved; the others may have been.
  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure)

  /// Deletes a key, with an ETag only where it still stands; a missing key is no failure.
  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure)

  /// Saves and deletes together; on some stores (Redis) what came before a failure stays written.
  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure)

  /// Publishes one event.
  func publish(_ event: OutgoingEvent, to topic: String, context: CallContext) async throws(SidecarFailure)

  /// Publishes events in as few requests as the sidecar's limits allow.
  ///
  /// - Parameters:
  ///   - events: The events in order.
  ///   - topic: Where they go.
  ///   - context: Deadline (of each request) and trace.
  /// - Returns: The positions of those that the broker did not take; empty when all were taken.
  /// - Throws: `SidecarFailure` when the sidecar did not say which were taken.
  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int]

  /// Calls another service through the sidecar and hands back its answer, whatever its status.
  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer

  /// The values of a secret by name; a store with single values answers one under the secret's own name.
  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String]

  /// What the sidecar says of itself.
  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata

  /// Whether the sidecar has its components up (it says nothing of whether Redis or Kafka still are).
  func isReady(context: CallContext) async -> Bool
}
