/// Why nothing could be measured.
struct BenchFailure: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
