/// What requests to an intent do with what is stored.
enum StoredDataUse: Sendable {
  /// They work on what they bring along, unless they ask for more.
  case none
  /// They read it.
  case reads
  /// They add to it, or publish what does, and take nothing away.
  case adds
  /// They replace or remove something; repeated, they change nothing more.
  case replaces

  /// Whether they change it, or publish what does.
  var changes: Bool { self == .adds || self == .replaces }
}
