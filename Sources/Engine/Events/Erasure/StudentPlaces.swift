/// All places that hold student data beside the documents; a place missing here is neither exported nor erased.
struct StudentPlaces: Sendable {
  let trail: AuditTrail
  let deadLetters: DeadLetterStore
  let standings: StandingStore
  let batches: BatchStore

  /// The places, in the order of an export.
  var all: [any StudentPlace] { [trail, deadLetters, standings, batches] }
}
