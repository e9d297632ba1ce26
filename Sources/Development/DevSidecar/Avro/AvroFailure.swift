/// Why a value cannot be read or written as Avro says, in the words of the recorded sidecar where those are known.
struct AvroFailure: Error, Hashable, Sendable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
