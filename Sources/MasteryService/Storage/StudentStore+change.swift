internal import DaprClient
internal import MasteryCore

extension StudentStore {
  /// Changes one document outside of a fold: load, change, save, and again from what stands there then where another was faster.
  ///
  /// Of some values that cannot be read no ETag is known either, so that a save over them may write over another one: what stands there
  /// afterwards is looked at once more.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - runtime: The clock, waiting, chance.
  ///   - context: Deadline and trace.
  ///   - change: What becomes of that which stands there at a time; nil where it may stay as it is.
  /// - Returns: The saved document; nil where nothing was to be changed.
  /// - Throws: `Problem` when the store does not take it, or what `change` throws.
  @discardableResult
  func change(
    _ key: StudentKey, runtime: Runtime, context: CallContext, _ change: (Stored, Timestamp) throws(Problem) -> StudentDocument?
  ) async throws(Problem) -> StudentDocument? {
    var saved: StudentDocument?
    for count in 1...Self.tries {
      let found = try await found(key, context)
      guard let document = try change(found.stored, runtime.now()) else { return saved }
      guard let condition = found.condition else { throw .unavailable("the state store") }
      let saving = Saving(
        key: key, bytes: StudentDocumentWriter.bytes(of: document), condition: condition, secondsToLive: secondsToLive(document.ledger))
      do throws(SidecarFailure) {
        try await save([saving], context: context)
        guard condition == .always else { return document }
        saved = document
      } catch {
        if case .refused = error { throw .internalError }
        if count < Self.tries { await runtime.pause(afterTry: count) }
      }
    }
    throw .unavailable("the state store")
  }

  /// What stands at a student's key.
  ///
  /// - Throws: `Problem` when the store does not say.
  func found(
    _ key: StudentKey, announcements: AnnouncementReading = .all, _ context: CallContext
  ) async throws(Problem) -> Found {
    let found = try? await load([key], announcements: announcements, context: context).first
    guard let found else { throw .unavailable("the state store") }
    if case .failed = found.stored { throw .unavailable("the state store") }
    return found
  }
}

extension Runtime {
  /// Waits after so many failed tries: doubling from 10 milliseconds, jittered, so that two writers do not keep step.
  func pause(afterTry count: Int) async {
    let most = 10 << min(count - 1, 5)
    await sleep(milliseconds: most / 2 + Int(random() % UInt64(most / 2 + 1)))
  }
}
