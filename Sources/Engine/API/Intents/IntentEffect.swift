/// What an intent does to what is stored.
enum IntentEffect: Sendable {
  /// Nothing: it only reads.
  case none
  /// It adds something, and takes nothing away.
  case adds
  /// It replaces or removes something; repeated, it changes nothing more.
  case replaces
}
