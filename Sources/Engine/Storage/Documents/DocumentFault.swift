/// The reason why a stored document cannot be used.
enum DocumentFault: Error, Hashable {
  /// A release after the next one wrote it; this one must leave it unchanged and retry later.
  case newerSchema(Int)
  /// It is damaged, or not a student document, with the location.
  case unreadable(String)
}
