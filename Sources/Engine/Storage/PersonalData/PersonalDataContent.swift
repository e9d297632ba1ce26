internal import JSON

/// What a store holds about a student.
struct PersonalDataContent: Sendable {
  /// One JSON value.
  let json: [UInt8]
  /// Total number of items, shown or not.
  let total: Int
  /// The offset of the next page; nil if all is shown.
  var nextOffset: Int?
}
