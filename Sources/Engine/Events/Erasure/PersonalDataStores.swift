/// All stores of student data beside the documents; a store missing here is neither exported nor erased.
struct PersonalDataStores: Sendable {
  let trail: AuditTrail
  let deadLetters: DeadLetterStore
  let standings: StandingStore
  let batches: BatchStore

  /// The stores, in the order of an export.
  var all: [any PersonalDataStore] { [trail, deadLetters, standings, batches] }
}
