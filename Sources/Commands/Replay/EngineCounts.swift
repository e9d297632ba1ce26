/// What one process of the engine has counted since it started, as its metrics tell.
struct EngineCounts: Hashable, Sendable {
  /// When the process started, in seconds since 1970, which tells it from others; nil where it does not say.
  private(set) var started: Double?
  /// Events that need no more work.
  private(set) var workedOff = 0
  /// Those of them that were refused or set aside.
  private(set) var refused = 0
  /// Refused events by reason, where the engine tells.
  private(set) var reasons: [String: Int] = [:]
  /// Events that are to come again, at once or after a while.
  private(set) var retried = 0

  /// Nothing counted yet.
  init() {}

  /// Counts as a test wants them.
  init(started: Double?, workedOff: Int, refused: Int = 0, reasons: [String: Int] = [:], retried: Int = 0) {
    (self.started, self.workedOff, self.refused, self.reasons, self.retried) = (started, workedOff, refused, reasons, retried)
  }

  /// Reads the counters of events out of a Prometheus text; nil where there are none.
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
    // What is to come again is not worked off.
    guard outcome != "retried", outcome != "deferred" else {
      retried += count
      return
    }
    workedOff += count
    if outcome == "refused" || outcome == "poisoned" { refused += count }
  }

  /// The value of the only label of a sample of that family.
  private static func label(_ label: String, of name: Substring, in family: String) -> Substring? {
    let head = "\(family){\(label)=\""
    guard name.hasPrefix(head), name.hasSuffix("\"}") else { return nil }
    return name.dropFirst(head.count).dropLast(2)
  }

  /// What was counted since an earlier look at the same process.
  func since(_ earlier: Self) -> Self {
    let reasons = reasons.merging(earlier.reasons) { $0 - $1 }.filter { $0.value > 0 }
    return Self(
      started: started, workedOff: workedOff - earlier.workedOff, refused: refused - earlier.refused, reasons: reasons,
      retried: retried - earlier.retried)
  }
}
