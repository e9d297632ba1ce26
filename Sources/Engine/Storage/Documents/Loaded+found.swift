internal import DaprClient

extension Loaded {
  /// The stored value and its ETag; nil if there is none.
  ///
  /// - Throws: `SidecarFailure` if the store gave no answer: `unintelligible` if no other read would succeed either.
  func found() throws(SidecarFailure) -> (value: Value, etag: String)? {
    switch state {
    case .missing: nil
    case .value(let value, let etag): (value, etag)
    case .failed(let why): throw .unread(why)
    case .unreadable(let why, _): throw .unintelligible(why)
    }
  }
}

extension SaveItem.Condition {
  /// The condition for replacing an unreadable value: its ETag, if known.
  static func replacing(unreadable etag: String?) -> Self { etag.map { .matches($0) } ?? .always }
}

extension SidecarFailure {
  /// The store answered, but did not return the value of a key.
  static func unread(_ why: String) -> Self { .failed(status: 500, code: "ERR_STATE_GET", message: why) }
}
