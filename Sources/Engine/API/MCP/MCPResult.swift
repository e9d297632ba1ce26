internal import JSON

/// What a method of MCP comes to.
struct MCPResult: Sendable {
  /// For how long and for whom a result may be kept (2026-07-28, Caching).
  struct Caching: Sendable {
    /// In milliseconds; 0 for what is old at once.
    let lifetime: Int
    /// Whether others may be given it.
    let isPublic: Bool

    /// What the same release says to everybody.
    static let everybody = Self(lifetime: 3_600_000, isPublic: true)
    /// What the same release says to callers of the same role.
    static let role = Self(lifetime: 3_600_000, isPublic: false)
    /// What may have changed by the next time.
    static let never = Self(lifetime: 0, isPublic: false)
  }

  /// Nil for results that say nothing about keeping them.
  var caching: Caching?
  /// What became of the intent that it asked; nil if it asked none.
  var outcome: Gate.Outcome?
  /// The name of that intent.
  var intent: String?
  /// Writes the members of `result`.
  let members: @Sendable (inout JSONWriter) -> Void

  init(_ caching: Caching? = nil, _ members: @escaping @Sendable (inout JSONWriter) -> Void) {
    (self.caching, self.members) = (caching, members)
  }
}
