/// What SQLite reports as wrong.
struct DatabaseFailure: Error, Hashable {
  var message: String
}
