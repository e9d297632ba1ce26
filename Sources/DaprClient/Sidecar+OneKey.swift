public import JSON

extension Sidecar {
  /// Reads one value, by the same request as many: a store that is down is told apart from a missing key there.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - context: Deadline and trace.
  ///   - decode: Reads a stored value while the answer is in memory; it must not let the value escape.
  /// - Returns: What stands at the key.
  /// - Throws: `SidecarFailure` when there is no answer.
  public func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    let loaded = try await load([key], context: context) { _, value in decode(value) }
    return loaded.first?.state ?? .failed("not in the answer")
  }
}
