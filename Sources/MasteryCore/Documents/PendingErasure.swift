/// What the first phase of an erasure leaves for the second: where else the student's data may be.
public struct PendingErasure: Hashable, Sendable {
  /// The names of the places that are not clean yet.
  public var places: [String]
  /// The cohorts that the student was in, in order.
  public let cohorts: [CohortID]
  /// When the erasure was asked for.
  public let askedAt: Timestamp

  /// Holds what is left to do.
  public init(places: [String], cohorts: [CohortID], askedAt: Timestamp) {
    self.places = places
    self.cohorts = cohorts
    self.askedAt = askedAt
  }
}
