internal import MasteryCore
internal import MasteryService

/// Publishes a file's events to their topics.
struct Replay {
  /// The results by line.
  struct Counts: Hashable, Sendable {
    var published = 0
    var leftOut = 0
    var refused = RefusedLines()
    var students: Set<String> = []
  }

  /// The last day to publish; nil publishes all.
  let until: Day?
  /// Whether events are shifted by whole days, so that the last one published happened yesterday.
  let shiftsToNow: Bool
  /// Whether to publish the rest if the service would refuse some lines; otherwise nothing is published.
  var skipsRefused = false
  /// Number of events published together.
  let batch: Int
  /// Maximum number of events waiting for the engine, and the wait for it; nil publishes without checking the engine.
  var backlog: (most: Int, workedOff: WorkedOff)?
  let publisher: BatchPublisher
  let runtime: Runtime

  /// Publishes a file's events until the broker has accepted all; if the service would refuse a line, nothing is published, unless such
  /// lines are skipped.
  ///
  /// - Parameters:
  ///   - file: The events.
  ///   - progress: Shows the progress.
  /// - Returns: The results by line.
  /// - Throws: `CommandFailure` if the file cannot be read or the events not published.
  func run(_ file: borrowing EventFile, progress: inout ProgressBar) async throws(CommandFailure) -> Counts {
    let days = shiftsToNow ? try shift(file) : 0
    let rules = EventRules(now: runtime.now())
    var counts = Counts()
    counts.refused = try judge(file, rules, days: days)
    guard counts.refused.count == 0 || skipsRefused else { return counts }
    try await publish(file, counts.refused.count == 0 ? nil : rules, days: days, &counts, &progress)
    return counts
  }

  /// Finds the lines that the service would refuse; the whole file is read for this, so that a damaged one is not published in part.
  private func judge(_ file: borrowing EventFile, _ rules: EventRules, days: Int) throws(CommandFailure) -> RefusedLines {
    var refused = RefusedLines()
    var lines = try file.lines()
    while let text = try lines.next() {
      guard let line = line(text, days: days) else { continue }
      if let fault = Self.fault(of: line, text, rules) { refused.add(fault, line: lines.number) }
    }
    return refused
  }

  /// Publishes the lines, without those that break the rules.
  private func publish(
    _ file: borrowing EventFile, _ rules: EventRules?, days: Int, _ counts: inout Counts, _ progress: inout ProgressBar
  ) async throws(CommandFailure) {
    var lanes = TopicLanes(publisher: publisher, batch: batch)
    var lines = try file.lines()
    while let text = try lines.next() {
      guard let line = line(text, days: days) else {
        counts.leftOut += 1
        continue
      }
      if let rules, Self.fault(of: line, text, rules) != nil { continue }
      // A line that is not an event has already been judged.
      guard let line else { continue }
      if let student = line.student { counts.students.insert(student) }
      guard try await lanes.add(line) else { continue }
      progress.show(position: lines.position, events: lanes.handedOver, now: runtime.now())
      if let backlog { await backlog.workedOff.waitForRoom(published: lanes.handedOver, most: backlog.most) }
    }
    try await lanes.finish()
    counts.published = lanes.handedOver
    progress.end()
  }

  /// A line in the form to send: nil if it is later than the last day, and an inner nil if it is not JSON.
  private func line(_ text: UnsafeRawBufferPointer, days: Int) -> ReplayLine?? {
    guard var line = ReplayLine(text) else { return .some(nil) }
    guard takes(line) else { return nil }
    line.shift(days: days)
    return line
  }

  private static func fault(of line: ReplayLine?, _ text: UnsafeRawBufferPointer, _ rules: EventRules) -> EventRules.Fault? {
    guard let line else { return rules.fault(of: text) ?? EventRules.Fault.malformed }
    return line.bytes.withUnsafeBytes { rules.fault(of: $0) }
  }

  private func takes(_ line: ReplayLine) -> Bool {
    guard let until, let timestamp = line.timestamp else { return true }
    return timestamp <= until.end
  }

  /// The days from the last published event to yesterday.
  private func shift(_ file: borrowing EventFile) throws(CommandFailure) -> Int {
    var last: Timestamp?
    var lines = try file.lines()
    while let text = try lines.next() {
      guard let line = ReplayLine(text), takes(line), let timestamp = line.timestamp else { continue }
      last = max(last ?? timestamp, timestamp)
    }
    guard let last else { return 0 }
    return Day(last).distance(to: Day(runtime.now()).advanced(by: -1))
  }
}
