/// What one look at broker and engine shows of a replay.
struct ReplayLook: Hashable, Sendable {
  /// The events that were published by then.
  var published: Int
  /// Events that are not worked off; nil where nobody tells.
  var left: Int?
  /// Whether `left` is sure: the broker counts them, or every process of the engine was watched all the time.
  var isSure = true
  /// Those of them that the engine has put off, to try them later.
  var postponed = 0
  /// Events that the engine put off or asked for once more since the replay began.
  var retried = 0
  /// Events that were refused since the replay began; nil where nobody tells.
  var refused: Int?
  /// The same by reason, where the engine tells.
  var reasons: [String: Int] = [:]
}
