/// What the first phase of an erasure leaves for the second: other stores that may hold the student's data.
public struct PendingErasure: Hashable, Sendable {
  /// The names of the stores still to be cleaned.
  public var stores: [String]
  /// The student's cohorts, sorted.
  public let cohorts: [CohortID]
  /// When the erasure was requested.
  public let askedAt: Timestamp

  /// Creates a list of the remaining work.
  public init(stores: [String], cohorts: [CohortID], askedAt: Timestamp) {
    self.stores = stores
    self.cohorts = cohorts
    self.askedAt = askedAt
  }
}
