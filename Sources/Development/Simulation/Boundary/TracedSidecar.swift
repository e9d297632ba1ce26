internal import DaprClient
internal import JSON

/// A sidecar that traces calls and answers as their caller sees them.
struct TracedSidecar: Sidecar {
  let base: SimulatedSidecar
  let name: String
  let trace: Trace
  let life: Life

  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (String, JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    let what = "reads \(keys.map(Self.short).joined(separator: ", "))"
    do {
      let loaded = try await base.bulkGet(keys, context: context, decode: decode)
      for case .failed in loaded.lazy.map(\.state) { Handling.current?.fail() }
      note(what, loaded.map { Self.words($0.state) }.joined(separator: ", "))
      return loaded
    } catch {
      Handling.current?.fail()
      note(what, "\(error)")
      throw error
    }
  }

  func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    try await told("gets \(Self.short(key))") { () throws(SidecarFailure) in
      try await base.get(key, context: context, decode: decode)
    } answer: {
      Self.words($0)
    }
  }

  private static func words<Value>(_ state: Loaded<Value>.State) -> String {
    switch state {
    case .missing: "nothing"
    case .value(_, let etag): etag
    case .failed(let why): "error: \(why)"
    case .unreadable(let why, _): "unreadable: \(why)"
    }
  }

  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    let what = "saves \(items.map(Self.text).joined(separator: ", "))"
    try await told(what) { () throws(SidecarFailure) in
      try await base.save(items, context: context)
    } answer: {
      "done"
    }
  }

  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    try await told("deletes \(key)") { () throws(SidecarFailure) in
      try await base.delete(key, etag: etag, context: context)
    } answer: {
      "done"
    }
  }

  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    try await base.transact(operations, context: context)
  }

  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    try await told("publishes an event to \(topic) (\(Self.digest(event.body)))") { () throws(SidecarFailure) in
      try await base.publish(event, to: topic, through: component, context: context)
    } answer: {
      "done"
    }
  }

  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    let which = events.map(Self.words(of:)).joined(separator: ", ")
    return try await told("publishes events \(which) to \(topic)") { () throws(SidecarFailure) in
      try await base.publish(events, to: topic, context: context)
    } answer: { untaken in
      untaken.isEmpty ? "done" : "done except for \(untaken)"
    }
  }

  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    try await base.invoke(call, context: context)
  }

  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    try await base.secret(name, store: store, context: context)
  }

  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata { try await base.metadata(context: context) }

  func isReady(context: CallContext) async -> Bool { await base.isReady(context: context) }

  // MARK: -

  private func told<Answer>(
    _ what: String, _ call: () async throws(SidecarFailure) -> Answer, answer: (Answer) -> String
  ) async throws(SidecarFailure) -> Answer {
    do {
      let result = try await call()
      note(what, answer(result))
      return result
    } catch {
      Handling.current?.fail()
      note(what, "\(error)")
      throw error
    }
  }

  private func note(_ what: String, _ answer: String) {
    // A dead replica receives no answer.
    guard life.isAlive else { return }
    trace.note("\(name) \(what): \(answer)")
  }

  private static func words(of event: OutgoingEvent) -> String {
    let key = event.partitionKey.map { "of \($0)" } ?? "without a key"
    return "\(key) (\(digest(event.body)))"
  }

  private static func text(_ item: SaveItem) -> String {
    let condition =
      switch item.condition {
      case .always: "unconditionally"
      case .absent: "if absent"
      case .matches(let etag): "if the ETag is \(etag)"
      }
    return "\(short(item.key)) \(condition) (\(digest(item.value)))"
  }

  /// The school and student of a document's key; any other key is returned unchanged.
  private static func short(_ key: String) -> String {
    guard let owner = KeyOwner(key) else { return key }
    return owner.school.map { "\($0)/\(owner.student)" } ?? owner.student
  }

  /// The length and a short hash, so that equal traces mean equal bytes.
  private static func digest(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return "\(bytes.count) bytes, \(String(hash >> 32, radix: 16))"
  }
}
