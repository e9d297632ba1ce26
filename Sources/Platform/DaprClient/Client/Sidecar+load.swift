public import JSON

extension Sidecar {
  /// Reads one value with a bulk get of one key, for a sidecar without a request for single keys.
  ///
  /// - Throws: `SidecarFailure` if the sidecar gives no answer.
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

  /// Reads values by key in requests as large as the sidecar answers; the results are in the order of the keys.
  ///
  /// One key that does not hold JSON empties the answer for all of them, and one that cannot be decrypted closes the connection. Keys that
  /// fail that way are therefore halved until few are left, and each of those is read in its own request. If the sidecar goes down in
  /// between, the read ends.
  ///
  /// - Parameters:
  ///   - keys: The keys, without duplicates.
  ///   - context: Deadline (of each request) and trace.
  ///   - decode: Reads a stored document while the answer is in memory; it must not let the value escape.
  /// - Returns: The stored value for each key.
  /// - Throws: `SidecarFailure` if there is no answer for any key.
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

  /// Reads each key in its own request.
  private func loadSingly<Value: Sendable>(
    _ keys: [String], _ context: CallContext, _ decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    var loaded: [Loaded<Value>] = []
    loaded.reserveCapacity(keys.count)
    for key in keys { loaded.append(Loaded(key: key, state: try await loadSingly(key, context, decode))) }
    return loaded
  }

  /// Reads a key that may have spoiled a bulk get.
  ///
  /// A connection may close by accident. If the sidecar closes it for the same key each time, and then reports that it is ready, it cannot
  /// read that key.
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

/// How often a connection has to close for a single key before the key is blamed: accidents come in bursts, and an event of a key that is
/// blamed without cause becomes a dead letter.
private let triesOfSilence = 5

/// From this number of keys down, a failed bulk get is read key by key: halving would take about as many requests.
private let fewKeys = 8

extension SidecarFailure {
  /// Whether the content of a single key can make a bulk get fail this way.
  fileprivate var isSpoiledByOneKey: Bool {
    switch self {
    case .broken, .spoiled: true
    default: false
    }
  }
}
