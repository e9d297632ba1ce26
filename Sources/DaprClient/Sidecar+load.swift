public import JSON

extension Sidecar {
  /// Reads one value by a bulk get of one key, for a sidecar that has no other request for it.
  ///
  /// - Throws: `SidecarFailure` when the sidecar does not say.
  public func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    do {
      let loaded = try await bulkGet([key], context: context) { _, value in decode(value) }
      return loaded.first?.state ?? .failed("not in the answer")
    } catch .spoiled {
      return .unreadable(UnreadableValue.notJSON, etag: nil)
    }
  }

  /// Reads values by key, as many at once as the sidecar answers; the answers stand in the order of the keys.
  ///
  /// One key that holds no JSON empties the answer for all of them, and one that cannot be decrypted closes the connection. So keys
  /// that fail that way are halved until few are left, and those are read by a request each. A sidecar that goes away meanwhile ends it.
  ///
  /// - Parameters:
  ///   - keys: The keys, without repetition.
  ///   - context: Deadline (of each request) and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: For each key what stands there.
  /// - Throws: `SidecarFailure` when there is no answer for any key.
  public func load<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    do {
      return try await bulkGet(keys, context: context, decode: decode)
    } catch  where error.isSpoiledByOneKey {
      guard keys.count > fewKeys else { return try await loadSingly(keys, context, decode) }
      let half = keys.count / 2
      return try await load(Array(keys[..<half]), context: context, decode: decode)
        + load(Array(keys[half...]), context: context, decode: decode)
    }
  }

  /// Reads each key by a request of its own.
  private func loadSingly<Value: Sendable>(
    _ keys: [String], _ context: CallContext, _ decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    var loaded: [Loaded<Value>] = []
    loaded.reserveCapacity(keys.count)
    for key in keys { loaded.append(Loaded(key: key, state: try await loadSingly(key, context, decode))) }
    return loaded
  }

  /// Reads a key that may be what spoiled a bulk get.
  ///
  /// A connection may close by accident. A sidecar that closes it for the same key each time, and then says that it is ready, cannot read
  /// that key.
  private func loadSingly<Value: Sendable>(
    _ key: String, _ context: CallContext, _ decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    for left in (0..<triesOfSilence).reversed() {
      do throws(SidecarFailure) {
        return try await get(key, context: context) { decode(key, $0) }
      } catch .broken(let why) {
        guard left == 0 else { continue }
        guard await isReady(context: context) else { throw .broken(why) }
      } catch .failed(let status, let code, let message) {
        return .failed("status \(status) \(code): \(message)")
      }
    }
    return .unreadable(UnreadableValue.silent, etag: nil)
  }
}

/// How often a connection has to close for a single key before the key is taken for the reason: a wire that cuts one call in a hundred
/// does so by chance once in a million bulk gets.
private let triesOfSilence = 3

/// So many keys are read singly where their bulk get failed: halving them would take about as many requests.
private let fewKeys = 8

extension SidecarFailure {
  /// Whether a bulk get fails this way for what a single key holds.
  fileprivate var isSpoiledByOneKey: Bool {
    switch self {
    case .broken, .spoiled: true
    default: false
    }
  }
}
