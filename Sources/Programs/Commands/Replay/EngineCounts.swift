/// The counts of one engine process since its start, according to its metrics.
struct EngineCounts: Hashable, Sendable {
  /// When the process started, in seconds since 1970, which distinguishes it from others; nil if it does not say.
  private(set) var started: Double?
  /// Number of events that need no more work.
  private(set) var workedOff = 0
  /// Number of those that were refused or set aside.
  private(set) var refused = 0
  /// Refused events by reason, if the engine reports it.
  private(set) var reasons: [String: Int] = [:]
  /// Number of events to redeliver, immediately or later.
  private(set) var retried = 0

  /// Creates empty counts.
  init() {}

  /// Creates counts for a test.
  init(started: Double?, workedOff: Int, refused: Int = 0, reasons: [String: Int] = [:], retried: Int = 0) {
    (self.started, self.workedOff, self.refused, self.reasons, self.retried) = (started, workedOff, refused, reasons, retried)
  }

  /// Reads the event counters from a Prometheus text; nil if there are none.
  init?(_ metrics: [UInt8]) {
    var found = false
    for line in String(decoding: metrics, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " ") else { continue }
      let (name, value) = (line[..<space], line[line.index(after: space)...])
      if name == "process_start_time_seconds" { started = Double(value) }
      guard let count = Int(value) else { continue }
      if let outcome = Self.label("outcome", of: name, in: "mastery_events_total") {
        found = true
        add(count, outcome)
      }
      if let reason = Self.label("reason", of: name, in: "mastery_events_refused_total") { reasons[String(reason), default: 0] += count }
    }
    guard found else { return nil }
  }

  private mutating func add(_ count: Int, _ outcome: Substring) {
    // An event to be redelivered is not finished.
    guard outcome != "retried", outcome != "deferred" else {
      retried += count
      return
    }
    workedOff += count
    if outcome == "refused" || outcome == "poisoned" { refused += count }
  }

  /// The value of a label of a sample in that family.
  private static func label(_ label: String, of name: Substring, in family: String) -> Substring? {
    guard name.hasPrefix("\(family){"), name.hasSuffix("\"}") else { return nil }
    let parts = name.dropFirst(family.count + 1).dropLast(2).split(separator: "\",")
    return parts.first { $0.hasPrefix("\(label)=\"") }?.dropFirst(label.count + 2)
  }

  /// The counts since an earlier look at the same process.
  func since(_ earlier: Self) -> Self {
    let reasons = reasons.merging(earlier.reasons) { $0 - $1 }.filter { $0.value > 0 }
    return Self(
      started: started, workedOff: workedOff - earlier.workedOff, refused: refused - earlier.refused, reasons: reasons,
      retried: retried - earlier.retried)
  }
}
