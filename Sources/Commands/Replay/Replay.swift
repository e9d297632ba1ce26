internal import MasteryCore
internal import MasteryService

/// Events of a file on their way to their topics.
struct Replay {
  /// What became of the lines.
  struct Counts: Hashable, Sendable {
    var published = 0
    var leftOut = 0
    var unreadable = 0
    var students: Set<String> = []
  }

  /// Unreadable lines that are named; more are only counted.
  private static let namedLines = 20

  /// The last day that is taken; nil takes all.
  let until: Day?
  /// Whether events move by whole days, so that the last one that is taken happened yesterday.
  let shiftsToNow: Bool
  /// Events that are published together.
  let batch: Int
  /// How many events may wait for the engine, and what waits for it; nil publishes without a look at the engine.
  var backlog: (most: Int, workedOff: WorkedOff)?
  let publisher: BatchPublisher
  let edge: Edge

  /// Publishes a file's events, until all are with the broker.
  ///
  /// - Parameters:
  ///   - file: The events.
  ///   - progress: Shows how far it is.
  /// - Returns: What became of its lines.
  /// - Throws: `CommandFailure` when the file cannot be read or the events not published.
  func run(_ file: borrowing EventFile, progress: inout ProgressBar) async throws(CommandFailure) -> Counts {
    let days = shiftsToNow ? try shift(file) : 0
    var lanes = TopicLanes(publisher: publisher, batch: batch)
    var counts = Counts()
    var lines = try file.lines()
    while let text = try lines.next() {
      guard var line = ReplayLine(text) else {
        counts.unreadable += 1
        if counts.unreadable <= Self.namedLines {
          Terminal.complain("\(file.name), line \(lines.number): this is no JSON, or over \(LineReader.longestLine) bytes")
        }
        continue
      }
      guard takes(line) else {
        counts.leftOut += 1
        continue
      }
      line.shift(days: days)
      if let student = line.student { counts.students.insert(student) }
      guard try await lanes.add(line) else { continue }
      progress.show(place: lines.place, events: lanes.handedOver, now: edge.now())
      if let backlog { await backlog.workedOff.waitForRoom(published: lanes.handedOver, most: backlog.most) }
    }
    try await lanes.finish()
    counts.published = lanes.handedOver
    progress.end()
    return counts
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
    return Day(last).distance(to: Day(edge.now()).advanced(by: -1))
  }
}
