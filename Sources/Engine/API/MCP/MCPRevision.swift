/// The revisions of the Model Context Protocol that are spoken here.
///
/// Source: the specification, modelcontextprotocol.io/specification, of each revision.
enum MCPRevision {
  /// The revision whose requests each say their version and capabilities, without a handshake.
  static let stateless = "2026-07-28"
  /// The revisions that begin with `initialize`, the latest first.
  static let withHandshake = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  /// All of them, the latest first.
  static let all = [stateless] + withHandshake

  /// The revision that the answer to `initialize` names: the requested one, else the latest with a handshake.
  static func agreed(on requested: String?) -> String {
    requested.flatMap { withHandshake.contains($0) ? $0 : nil } ?? withHandshake[0]
  }
}
