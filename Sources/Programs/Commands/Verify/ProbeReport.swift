internal import MasteryService

/// What came of a verification.
struct ProbeReport: Sendable {
  private struct Row {
    var passed = 0
    var failed = 0
    var skipped = 0
  }

  /// Counts by subject, in the order in which they came.
  private var rows: [(subject: String, row: Row)] = []
  /// A line for each fault.
  private(set) var faults: [String] = []
  /// Why something was not tried, and how often.
  private var reasons: [(reason: String, count: Int)] = []

  /// How many probes passed and failed.
  var passed: Int { rows.reduce(0) { $0 + $1.row.passed } }
  /// How many probes failed.
  var failed: Int { rows.reduce(0) { $0 + $1.row.failed } }

  /// Adds a probe and what came of it.
  mutating func add(_ probe: Probe, _ outcome: ProbeSender.Outcome) {
    let index = rows.firstIndex { $0.subject == probe.subject } ?? rows.count
    if index == rows.count { rows.append((probe.subject, Row())) }
    switch outcome {
    case .passed: rows[index].row.passed += 1
    case .failed(let faults):
      rows[index].row.failed += 1
      self.faults += faults.map { "\(probe.subject), \(probe.what): \($0)" }
    case .skipped(let reason):
      rows[index].row.skipped += 1
      leaveOut(reason, 1)
    }
  }

  /// Notes that something was not tried.
  mutating func leaveOut(_ reason: String, _ count: Int) {
    if let index = reasons.firstIndex(where: { $0.reason == reason }) {
      reasons[index].count += count
    } else {
      reasons.append((reason, count))
    }
  }

  /// The counts, what was not tried, and the faults.
  var lines: [String] {
    let table = TextTable(
      ["what", "passed", "failed", "not tried"], rows.map { [$0.subject, "\($0.row.passed)", "\($0.row.failed)", "\($0.row.skipped)"] })
    let open = reasons.map { "not tried, \($0.count): \($0.reason)" }
    return table.lines + (open.isEmpty ? [] : [""] + open) + (faults.isEmpty ? [] : [""] + faults)
  }

  /// What to say if not all is well; nil if it is.
  var shortcoming: String? {
    if failed > 0 { return "\(failed) of \(passed + failed) answers are not as the documents say" }
    return passed == 0 ? "nothing could be tried" : nil
  }
}
