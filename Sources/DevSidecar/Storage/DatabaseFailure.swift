/// What SQLite complained about.
struct DatabaseFailure: Error, Hashable {
  var message: String
}
