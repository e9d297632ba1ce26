/// Why a store did not make a change.
enum StateRefusal: Error, Hashable, Sendable {
  /// Another writer came in between.
  case mismatch(String)
  /// The ETag cannot be one of the store's.
  case malformed(String)
  /// Anything else.
  case failed(String)

  var message: String {
    switch self {
    case .mismatch(let detail): "possible etag mismatch. error from state store: \(detail)"
    case .malformed(let detail): "invalid etag value: \(detail)"
    case .failed(let detail): detail
    }
  }

  /// The status of an answer to a save or a delete.
  var status: Int {
    switch self {
    case .mismatch: 409
    case .malformed: 400
    case .failed: 500
    }
  }
}
