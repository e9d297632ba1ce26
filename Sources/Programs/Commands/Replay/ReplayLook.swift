/// One look at the progress of a replay in broker and engine.
struct ReplayLook: Hashable, Sendable {
  /// Number of events published so far.
  var published: Int
  /// Number of unfinished events; nil if unknown.
  var left: Int?
  /// Whether `left` is certain: the broker counts the events, or every engine process was watched all the time.
  var isSure = true
  /// Number of those that the engine has postponed.
  var postponed = 0
  /// Number of events that the engine has postponed or requested again since the replay began.
  var retried = 0
  /// Number of events refused since the replay began; nil if unknown.
  var refused: Int?
  /// Refused events by reason, if the engine reports it.
  var reasons: [String: Int] = [:]
}
