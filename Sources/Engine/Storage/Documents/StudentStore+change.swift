internal import DaprClient
internal import MasteryCore

extension StudentStore {
  /// Changes one document outside a fold: load, change and save, again from the newly stored document if another writer was faster.
  ///
  /// For some unreadable values the ETag is unknown too, so that a save may overwrite another writer's document; the stored document is
  /// therefore checked once more afterwards.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - runtime: The clock, sleeping and randomness.
  ///   - context: Deadline and trace.
  ///   - change: The new document for the stored one; nil if it may stay unchanged.
  /// - Returns: The saved document; nil if nothing had to be changed.
  /// - Throws: `Problem` if the store does not accept it, or the error that `change` throws.
  @discardableResult
  func change(
    _ key: StudentKey, runtime: Runtime, context: CallContext, _ change: (Stored, Timestamp) throws(Problem) -> StudentDocument?
  ) async throws(Problem) -> StudentDocument? {
    var saved: StudentDocument?
    let outcome = try await runtime.retrying { () async throws(Problem) -> Attempt<StudentDocument?> in
      let found = try await found(key, context)
      guard let document = try change(found.stored, runtime.now()) else { return .done(saved) }
      guard let condition = found.condition else { return .over }
      let saving = Saving(
        key: key, bytes: StudentDocumentWriter.bytes(of: document), condition: condition, secondsToLive: secondsToLive(document.ledger))
      do throws(SidecarFailure) {
        try await save([saving], context: context)
        guard condition == .always else { return .done(document) }
        saved = document
      } catch {
        if case .refused = error { throw .internalError }
      }
      return .again
    }
    guard let outcome else { throw .unavailable("the state store") }
    return outcome
  }

  /// The stored document of a student.
  ///
  /// - Throws: `Problem` if the store gives no answer.
  func found(_ key: StudentKey, _ context: CallContext) async throws(Problem) -> Found {
    let found = try? await load([key], context: context).first
    guard let found else { throw .unavailable("the state store") }
    if case .failed = found.stored { throw .unavailable("the state store") }
    return found
  }
}
