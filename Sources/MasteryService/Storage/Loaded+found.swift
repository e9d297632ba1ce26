internal import DaprClient

extension Loaded {
  /// What stands at the key, and its ETag; nil where nothing stands.
  ///
  /// - Throws: `SidecarFailure` when the store could not say.
  func found() throws(SidecarFailure) -> (value: Value, etag: String)? {
    switch state {
    case .missing: nil
    case .value(let value, let etag): (value, etag)
    case .failed(let why): throw .unread(why)
    }
  }
}

extension SidecarFailure {
  /// The store did not say what stands at a key, though it answered.
  static func unread(_ why: String) -> Self { .failed(status: 500, code: "ERR_STATE_GET", message: why) }
}
