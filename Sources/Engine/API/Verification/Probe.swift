package import HTTPServer
internal import JSON
internal import Schemas

/// A request whose answer the documents determine, whoever implements them.
package struct Probe: Sendable {
  /// Who asks.
  package enum Asker: Hashable, Sendable {
    /// Anybody: the path is open.
    case anybody
    /// Somebody without a token, where one is needed.
    case nobody
    /// Somebody with a token that nobody signed.
    case stranger
    /// Somebody in one of these roles.
    case role([String])
  }

  /// What is asked, such as an intent's short name: probes about the same thing are counted together.
  package let subject: String
  /// What is tried, in a phrase.
  package let what: String
  package let asker: Asker
  package let method: String
  /// The path and the query.
  package let target: String
  /// The body; nil if there is none.
  package let body: [UInt8]?
  /// The body's media type.
  package var contentType = "application/json"
  let expected: ProbeExpectation

  /// What is wrong with an answer.
  ///
  /// - Parameters:
  ///   - status: The HTTP status.
  ///   - fields: The headers.
  ///   - body: The body.
  ///   - correlationID: The id that the request carried.
  /// - Returns: A sentence for each fault; empty if there is none.
  package func faults(status: Int, fields: [HTTPField], body: [UInt8], correlationID: String) -> [String] {
    expected.faults(ProbeAnswer(status: status, fields: fields, body: body), correlationID: correlationID)
  }
}

/// What a probe got.
struct ProbeAnswer {
  let status: Int
  let fields: [HTTPField]
  let body: [UInt8]

  /// The first header of that name, in whatever case.
  func header(_ name: String) -> String? {
    let name = name.lowercased()
    return fields.first { $0.name.lowercased() == name }?.value
  }
}
