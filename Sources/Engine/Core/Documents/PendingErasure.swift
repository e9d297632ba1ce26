/// What the first phase of an erasure leaves for the second: other places that may hold the student's data.
public struct PendingErasure: Hashable, Sendable {
  /// The names of the places still to be cleaned.
  public var places: [String]
  /// The student's cohorts, sorted.
  public let cohorts: [CohortID]
  /// When the erasure was requested.
  public let askedAt: Timestamp

  /// Creates a list of the remaining work.
  public init(places: [String], cohorts: [CohortID], askedAt: Timestamp) {
    self.places = places
    self.cohorts = cohorts
    self.askedAt = askedAt
  }
}
