public import JSON

extension Sidecar {
  /// Reads one value by a bulk get of one key, for a sidecar that has no other request for it.
  ///
  /// - Throws: `SidecarFailure` when the sidecar does not say.
  public func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    let loaded = try await bulkGet([key], context: context) { _, value in decode(value) }
    return loaded.first?.state ?? .failed("not in the answer")
  }

  /// Reads values by key, as many at once as the sidecar answers; the answers stand in the order of the keys.
  ///
  /// One key that holds no JSON empties the answer for all of them, and one that cannot be decrypted may close the connection. So what
  /// fails that way is halved until the key stands alone, and that key is asked for by a request of its own.
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
      guard let key = keys.first else { return [] }
      guard keys.count > 1 else { return [Loaded(key: key, state: try await isolated(key, context, decode))] }
      let half = keys.count / 2
      return try await load(Array(keys[..<half]), context: context, decode: decode)
        + load(Array(keys[half...]), context: context, decode: decode)
    }
  }

  /// What stands at a key that spoiled a bulk get.
  ///
  /// A sidecar that is healthy and closes the connection for this key alone, twice, cannot read it.
  private func isolated<Value: Sendable>(
    _ key: String, _ context: CallContext, _ decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    var closed: SidecarFailure?
    for _ in 0..<2 {
      do throws(SidecarFailure) {
        return try await get(key, context: context) { decode(key, $0) }
      } catch .broken(let why) {
        closed = .broken(why)
        guard await isReady(context: context) else { throw .broken(why) }
      } catch .failed(let status, let code, let message) {
        return .failed("status \(status) \(code): \(message)")
      }
    }
    guard closed != nil else { return .failed("not in the answer") }
    return .unreadable(UnreadableValue.silent, etag: nil)
  }
}

extension SidecarFailure {
  /// Whether a bulk get fails this way for what a single key holds.
  fileprivate var isSpoiledByOneKey: Bool {
    switch self {
    case .broken, .unintelligible: true
    default: false
    }
  }
}
