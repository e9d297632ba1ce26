internal import HTTPClient

extension HTTPClientFailure {
  /// What is wrong, in words.
  ///
  /// - Parameters:
  ///   - address: The address that was asked.
  ///   - deadline: How long the answer might take, in milliseconds.
  /// - Returns: The words.
  func words(asking address: String, within deadline: Int) -> String {
    switch self {
    case .unreachable: "no engine answers at \(address): nobody listens there"
    case .timedOut: "the engine at \(address) must answer within \(deadline / 1_000) seconds, and did not"
    case .broken(let why):
      "the connection to the engine at \(address) broke (\(why)); whether it did what was asked is unknown"
    case .stopped: "this command is ending"
    }
  }
}
