internal import DaprClient

extension Loaded {
  /// What stands at the key, and its ETag; nil where nothing stands.
  ///
  /// - Throws: `SidecarFailure` when the store could not say: `unintelligible` where no other read would say either.
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
  /// The condition under which a value is replaced that cannot be read: its ETag, where anybody could tell it.
  static func replacing(unreadable etag: String?) -> Self { etag.map { .matches($0) } ?? .always }
}

extension SidecarFailure {
  /// The store did not say what stands at a key, though it answered.
  static func unread(_ why: String) -> Self { .failed(status: 500, code: "ERR_STATE_GET", message: why) }
}
