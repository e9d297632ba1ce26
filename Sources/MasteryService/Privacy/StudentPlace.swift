internal import DaprClient
internal import JSON
internal import MasteryCore

/// A place that holds data of students beside their documents.
protocol StudentPlace: Sendable {
  /// Its name, in exports and in what an erasure has still to do.
  var name: String { get }
  /// What it holds of a student, in a sentence.
  var meaning: String { get }

  /// What it holds of a student.
  ///
  /// - Parameters:
  ///   - student: The student's document, an empty one where there is none.
  ///   - page: Which part of a list that may be long.
  ///   - now: The time.
  ///   - context: Deadline and trace.
  /// - Returns: All of it, or the part that is asked for.
  /// - Throws: `SidecarFailure` when the store does not say.
  func export(_ student: StudentDocument, _ page: PlacePage, now: Timestamp, context: CallContext) async throws(SidecarFailure)
    -> PlaceContent

  /// Takes all that it holds of a student's former life away.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - erasing: What the erasure has still to do.
  ///   - now: The time.
  ///   - context: Deadline and trace.
  ///   - isDue: Asked after each reading and before the save that it leads to: whether the erasure is still to be done.
  /// - Returns: How much was there.
  /// - Throws: `SidecarFailure` when it is to be tried again.
  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int
}

/// Everything that holds data of students beside their documents: what is not listed here is neither exported nor erased.
struct StudentPlaces: Sendable {
  let trail: AuditTrail
  let deadLetters: DeadLetterKeep
  let standings: StandingStore
  let batches: BatchStore

  /// The places, in the order of an export.
  var all: [any StudentPlace] { [trail, deadLetters, standings, batches] }
}

/// Which part of a list that may be long.
struct PlacePage: Sendable {
  /// How many of the latest are left out.
  let offset: Int
  /// How many are shown at the most.
  let limit: Int
}

/// What a place holds of a student.
struct PlaceContent: Sendable {
  /// One JSON value.
  let json: [UInt8]
  /// How many things there are, shown or not.
  let total: Int
  /// Where the next part begins; nil where all is shown.
  var nextOffset: Int?
}
