/// What the app has asked of the sidecar since its start, and what its calls cost.
struct CallTally: Hashable, Sendable {
  /// Calls of state and publishing.
  var calls = 0
  /// Requested keys.
  var keysRead = 0
  /// Saved or deleted documents.
  var documentsSaved = 0
  /// Published messages.
  var messagesPublished = 0
  /// Bytes of the bodies of publishing calls.
  var bytesPublished = 0
  /// The core time of all calls and deliveries, in milliseconds.
  var coreMilliseconds = 0.0

  /// Adds a call.
  mutating func add(_ route: Route, _ cost: CallCost, bytes: Int) {
    calls += 1
    switch route {
    case .saveState, .transactState, .deleteState: documentsSaved += cost.items
    case .getState, .bulkGetState: keysRead += cost.items
    case .publish, .bulkPublish:
      messagesPublished += cost.items
      bytesPublished += bytes
    default: break
    }
  }
}
