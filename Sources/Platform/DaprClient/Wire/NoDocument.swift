/// The reason why a stored value is not a document.
struct NoDocument: Error, Hashable {
  let reason: String
}
