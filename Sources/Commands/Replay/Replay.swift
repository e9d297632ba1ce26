internal import MasteryCore
internal import MasteryService

/// Events of a file on their way to their topics.
struct Replay {
  /// What became of the lines.
  struct Counts: Hashable, Sendable {
    var published = 0
    var leftOut = 0
    var refused = RefusedLines()
    var students: Set<String> = []
  }

  /// The last day that is taken; nil takes all.
  let until: Day?
  /// Whether events move by whole days, so that the last one that is taken happened yesterday.
  let shiftsToNow: Bool
  /// Whether the rest is published where the service would refuse some lines; else nothing is.
  var skipsRefused = false
  /// Events that are published together.
  let batch: Int
  /// How many events may wait for the engine, and what waits for it; nil publishes without a look at the engine.
  var backlog: (most: Int, workedOff: WorkedOff)?
  let publisher: BatchPublisher
  let runtime: Runtime

  /// Publishes a file's events, until all are with the broker; nothing where the service would refuse a line, unless such are skipped.
  ///
  /// - Parameters:
  ///   - file: The events.
  ///   - progress: Shows how far it is.
  /// - Returns: What became of its lines.
  /// - Throws: `CommandFailure` when the file cannot be read or the events not published.
  func run(_ file: borrowing EventFile, progress: inout ProgressBar) async throws(CommandFailure) -> Counts {
    let days = shiftsToNow ? try shift(file) : 0
    let rules = EventRules(now: runtime.now())
    var counts = Counts()
    counts.refused = try judge(file, rules, days: days)
    guard counts.refused.count == 0 || skipsRefused else { return counts }
    try await publish(file, counts.refused.count == 0 ? nil : rules, days: days, &counts, &progress)
    return counts
  }

  /// Finds the lines that the service would refuse; the whole file is read for it, so that one that is damaged is not published by half.
  private func judge(_ file: borrowing EventFile, _ rules: EventRules, days: Int) throws(CommandFailure) -> RefusedLines {
    var refused = RefusedLines()
    var lines = try file.lines()
    while let text = try lines.next() {
      guard let line = line(text, days: days) else { continue }
      if let fault = Self.fault(of: line, text, rules) { refused.add(fault, line: lines.number) }
    }
    return refused
  }

  /// Publishes the lines, without those that break the rules where some do.
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
      // What is no event has been judged.
      guard let line else { continue }
      if let student = line.student { counts.students.insert(student) }
      guard try await lanes.add(line) else { continue }
      progress.show(place: lines.place, events: lanes.handedOver, now: runtime.now())
      if let backlog { await backlog.workedOff.waitForRoom(published: lanes.handedOver, most: backlog.most) }
    }
    try await lanes.finish()
    counts.published = lanes.handedOver
    progress.end()
  }

  /// A line as it is to be sent: nil where it is later than the last day, and no event inside where it is no JSON.
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

  /// The days from the last event that is taken to yesterday.
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
