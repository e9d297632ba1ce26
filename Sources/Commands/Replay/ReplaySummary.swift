/// What a replay tells at its end.
struct ReplaySummary: Sendable {
  let counts: Replay.Counts
  /// Events that the engine refused; nil when it was not asked or does not tell.
  let refused: Int?
  let seconds: Double

  /// One line each, the numbers below each other.
  var text: String {
    var lines = [("events", String(counts.published)), ("students", String(counts.students.count))]
    if counts.leftOut > 0 { lines.append(("left out", String(counts.leftOut))) }
    if counts.unreadable > 0 { lines.append(("unreadable", String(counts.unreadable))) }
    if let refused { lines.append(("refused", String(refused))) }
    lines.append(("rate", "\(Int(Double(counts.published) / max(seconds, 0.001))) events/s"))
    return lines.map { name, value in "\(name)\(String(repeating: " ", count: 12 - name.count))\(value)" }.joined(separator: "\n")
  }
}
