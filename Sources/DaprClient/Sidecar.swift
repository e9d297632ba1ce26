public import JSON

/// What the service asks of its Dapr sidecar; a client over HTTP in operation, a simulated one in tests.
///
/// One call is one try: no retries, one deadline. Which of a call's effects happened is unknown after `timedOut` and `broken`.
public protocol Sidecar: Sendable {
  /// Reads values by key in one request; the answers stand in the order of the keys.
  ///
  /// - Parameters:
  ///   - keys: The keys, without repetition.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored value while the answer is in memory; it must not let the value escape.
  /// - Returns: For each key what stands there; one that failed is `failed`, never `missing`.
  /// - Throws: `SidecarFailure` when there is no answer for any key.
  func load<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>]

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

/// What goes along with a call.
public struct CallContext: Sendable {
  /// Milliseconds within which the answer must be there.
  public var deadline: Int
  /// The W3C trace parent of the work that the call is part of.
  public var traceparent: String?

  /// A context; the deadline is 1.5 s unless said otherwise.
  public init(deadline: Int = 1_500, traceparent: String? = nil) {
    self.deadline = deadline
    self.traceparent = traceparent
  }
}

/// What stands at a key.
public struct Loaded<Value: Sendable>: Sendable {
  /// What a bulk read said of one key.
  public enum State: Sendable {
    /// There is no value.
    case missing
    /// There is one.
    case value(Value, etag: String)
    /// The store could not say; why.
    case failed(String)
  }

  /// The key.
  public var key: String
  /// What stands there.
  public var state: State

  /// A key and what stands there.
  public init(key: String, state: State) {
    self.key = key
    self.state = state
  }
}

/// One value to save.
public struct SaveItem: Sendable {
  /// On which condition a value is written.
  public enum Condition: Sendable, Hashable {
    /// Always; the last one wins.
    case always
    /// Only where there is no value yet.
    case absent
    /// Only where that ETag still stands.
    case matches(String)
  }

  /// The key; `||` is not allowed in it.
  public var key: String
  /// The value as JSON text.
  public var value: [UInt8]
  /// On which condition it is written.
  public var condition: Condition
  /// Seconds that the value lives, −1 for ever; nil sends nothing.
  public var secondsToLive: Int?

  /// A value to save.
  public init(key: String, value: [UInt8], condition: Condition, secondsToLive: Int? = nil) {
    self.key = key
    self.value = value
    self.condition = condition
    self.secondsToLive = secondsToLive
  }
}

/// One step of a transaction.
public enum StateOperation: Sendable {
  /// Writes a value.
  case save(SaveItem)
  /// Removes one, with an ETag only where it still stands.
  case delete(key: String, etag: String?)
}

/// An event to publish.
public struct OutgoingEvent: Sendable {
  /// The body: JSON, a whole CloudEvent, or what the content type says.
  public var body: [UInt8]
  /// `application/json`, `application/cloudevents+json`, or another.
  public var contentType: String
  /// Events of one key keep their order; nil leaves it to the broker.
  public var partitionKey: String?

  /// An event.
  public init(body: [UInt8], contentType: String, partitionKey: String?) {
    self.body = body
    self.contentType = contentType
    self.partitionKey = partitionKey
  }
}

/// A call to another service.
public struct Invocation: Sendable {
  /// The Dapr app id of the service.
  public var app: String
  /// The path below the service, without its first slash, with its query.
  public var path: String
  /// The HTTP method.
  public var method: String
  /// Headers to pass on.
  public var headers: [(name: String, value: String)]
  /// The body, if any.
  public var body: [UInt8]?

  /// A call.
  public init(app: String, path: String, method: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
    self.app = app
    self.path = path
    self.method = method
    self.headers = headers
    self.body = body
  }
}

/// What the called service answered.
public struct InvocationAnswer: Sendable {
  /// Its status.
  public var status: Int
  /// Its headers, names in lower case.
  public var headers: [(name: String, value: String)]
  /// Its body.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// What a sidecar says of itself.
public struct SidecarMetadata: Sendable, Hashable {
  /// The app id that it serves.
  public var id: String
  /// Its version.
  public var runtimeVersion: String
  /// Names and types of its components: `statestore`, `state.redis`.
  public var components: [Component]
  /// The topics that it delivers to the app.
  public var subscribedTopics: [String]

  /// One component.
  public struct Component: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its type.
    public var type: String

    /// A component.
    public init(name: String, type: String) {
      self.name = name
      self.type = type
    }
  }

  /// A description of a sidecar.
  public init(id: String, runtimeVersion: String, components: [Component], subscribedTopics: [String]) {
    self.id = id
    self.runtimeVersion = runtimeVersion
    self.components = components
    self.subscribedTopics = subscribedTopics
  }
}

/// Why the sidecar did not do as asked.
public enum SidecarFailure: Error, Hashable, Sendable {
  /// Nobody listens at the sidecar's address; nothing happened.
  case unreachable(String)
  /// No answer within the deadline; whether it happened is unknown.
  case timedOut
  /// The connection broke; whether it happened is unknown.
  case broken(String)
  /// An ETag did not match, or a value that must be absent is there (409).
  case conflict(code: String, message: String)
  /// The token is missing or wrong (401).
  case unauthorized(String)
  /// The request can never succeed as it is (any other 4xx).
  case refused(status: Int, code: String, message: String)
  /// The sidecar or what is behind it could not do it now (5xx).
  case failed(status: Int, code: String, message: String)
  /// The answer is not what the sidecar was recorded to say.
  case unintelligible(String)
}
