/// The final report of a replay.
struct ReplaySummary: Sendable {
  let counts: Replay.Counts
  /// How the wait for the engine ended; nil if there was none.
  var ending: WorkedOff.Ending?
  /// Number of events that the engine refused; nil if it was not asked or does not report it.
  let refused: Int?
  /// Refused events by reason, if the engine reports it.
  var reasons: [String: Int] = [:]
  let seconds: Double

  /// One line each, with the numbers aligned.
  var text: String {
    var lines = [("events", String(counts.published)), ("students", String(counts.students.count))]
    if counts.leftOut > 0 { lines.append(("left out", String(counts.leftOut))) }
    if counts.refused.count > 0 { lines.append(("skipped", String(counts.refused.count))) }
    if case .idle(let counted) = ending { lines.append(("counted", "\(counted): replicas came or went; all of them are ready and idle")) }
    if let refused { lines.append(("refused", String(refused))) }
    lines.append(("rate", "\(Int(Double(counts.published) / max(seconds, 0.001))) events/s"))
    return lines.map { name, value in "\(name)\(String(repeating: " ", count: 12 - name.count))\(value)" }.joined(separator: "\n")
  }

  /// The reason why the replay is incomplete; nil if it is complete, as far as is known.
  var shortcoming: String? {
    var parts: [String] = []
    if counts.refused.count > 0 {
      parts.append("lines that the service would refuse: \(counts.refused.count) (\(Self.list(counts.refused.reasons)))")
    }
    if case .stuck(let why) = ending { parts.append("the engine does not get on: \(why)") }
    if let refused, refused > 0 {
      parts.append(
        "events that the engine refused: \(refused)" + (reasons.isEmpty ? ": mastery.dlq says why" : " (\(Self.list(reasons)))"))
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// Reasons with their counts, the most frequent first.
  private static func list(_ reasons: [String: Int]) -> String {
    reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
