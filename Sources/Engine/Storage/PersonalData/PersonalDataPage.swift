/// A page of a list that may be long.
struct PersonalDataPage: Sendable {
  /// Number of the latest items to skip.
  let offset: Int
  /// Maximum number of items to show.
  let limit: Int
}
