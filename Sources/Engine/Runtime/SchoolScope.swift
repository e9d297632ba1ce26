internal import MasteryCore

/// The schools whose data a token covers.
enum SchoolScope: Hashable, Sendable {
  /// Data without a school.
  case none
  /// One school.
  case one(SchoolID)
  /// Any school: each request names one.
  case every
}
