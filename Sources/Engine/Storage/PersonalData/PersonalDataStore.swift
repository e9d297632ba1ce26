internal import DaprClient
internal import MasteryCore

/// A store of student data beside the documents, which is exported and erased with them.
protocol PersonalDataStore: Sendable {
  /// The store's name, in exports and in an erasure's list of remaining work.
  var name: String { get }
  /// A sentence that explains its content.
  var meaning: String { get }

  /// Exports the data about a student.
  ///
  /// - Parameters:
  ///   - student: The student's document, an empty one if there is none.
  ///   - page: The page of a list that may be long.
  ///   - now: The time.
  ///   - context: Deadline and trace.
  /// - Returns: All of it, or the requested page.
  /// - Throws: `SidecarFailure` if the store gives no answer.
  func export(_ student: StudentDocument, _ page: PersonalDataPage, now: Timestamp, context: CallContext) async throws(SidecarFailure)
    -> PersonalDataContent

  /// Removes all data of a student's former life.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - erasing: The remaining work of the erasure.
  ///   - now: The time.
  ///   - context: Deadline and trace.
  ///   - isDue: Called after each read and before the save that follows from it; whether the erasure still has to be done.
  /// - Returns: Number of items removed.
  /// - Throws: `SidecarFailure` if it has to be retried.
  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int
}
