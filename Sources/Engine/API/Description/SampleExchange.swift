/// A request about the sample's students, and how the service answers it.
struct SampleExchange: Sendable {
  /// The JSON text of the request, path fields included.
  let request: [UInt8]
  /// The answer's status.
  let status: Int
  /// The JSON text of the answer.
  let answer: [UInt8]
}
