/// What a replay tells at its end.
struct ReplaySummary: Sendable {
  let counts: Replay.Counts
  /// How the wait for the engine ended; nil where there was none.
  var ending: WorkedOff.Ending?
  /// Events that the engine refused; nil when it was not asked or does not tell.
  let refused: Int?
  /// The same by reason, where the engine tells.
  var reasons: [String: Int] = [:]
  let seconds: Double

  /// One line each, the numbers below each other.
  var text: String {
    var lines = [("events", String(counts.published)), ("students", String(counts.students.count))]
    if counts.leftOut > 0 { lines.append(("left out", String(counts.leftOut))) }
    if counts.unreadable > 0 { lines.append(("unreadable", String(counts.unreadable))) }
    if case .idle(let counted) = ending { lines.append(("counted", "\(counted): replicas came or went; all of them are ready and idle")) }
    if let refused { lines.append(("refused", String(refused))) }
    lines.append(("rate", "\(Int(Double(counts.published) / max(seconds, 0.001))) events/s"))
    return lines.map { name, value in "\(name)\(String(repeating: " ", count: 12 - name.count))\(value)" }.joined(separator: "\n")
  }

  /// Why not everything is in; nil where it is, as far as is known.
  var shortcoming: String? {
    var parts: [String] = []
    if counts.unreadable > 0 { parts.append("lines that are no JSON: \(counts.unreadable)") }
    if case .stuck(let why) = ending { parts.append("the engine does not get on: \(why)") }
    if let refused, refused > 0 {
      let known = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
      parts.append(
        "the engine refused \(refused) events" + (known.isEmpty ? ": mastery.dlq says why" : " (\(known.joined(separator: ", ")))"))
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
