/// A reader of bytes from outside, and what must hold for any input.
struct FuzzTarget: Sendable {
  /// Its name on the command line.
  let name: String
  /// Inputs to begin with: real ones, recorded or written by hand.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Takes an input; a crash or a thrown error is a finding.
  let run: @Sendable ([UInt8]) throws(Broken) -> Void

  static let all = [json, deliveries, splitter, requests, documents, timestamps, lines, state, publications, components]
}

/// What must not have happened, and did.
struct Broken: Error, CustomStringConvertible {
  let description: String

  static func unless(_ condition: Bool, _ what: @autoclosure () -> String) throws(Broken) {
    if !condition { throw Broken(description: what()) }
  }
}
