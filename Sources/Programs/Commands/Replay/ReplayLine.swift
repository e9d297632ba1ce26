internal import JSON
internal import MasteryCore
internal import MasteryService

/// A line of an event file, parsed as far as a replay needs it.
struct ReplayLine: Sendable {
  /// The event's bytes from the file.
  var bytes: [UInt8]
  let topic: ReplayTopic
  /// The student, if the event names one; also the partition key.
  let student: String?
  /// When it happened, if the event has a readable time.
  let timestamp: Timestamp?

  /// Reads a line; nil if it is not JSON.
  init?(_ line: UnsafeRawBufferPointer) {
    let read = try? JSONDocument.parseTolerantly(line) { event in
      (
        ReplayTopic(eventType: event["event_type"]?.text), event["student_id"]?.identifier,
        event["timestamp"].flatMap { EventTime.read($0) }
      )
    }
    guard let read else { return nil }
    (topic, student, timestamp) = read
    // What is sent on stands within other JSON, where a byte order mark has no place.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    bytes = Array(line.starts(with: mark) ? line[mark.count...] : line[...])
  }

  /// Shifts the event by whole days; an event without a readable time stays unchanged.
  ///
  /// Only the value of `timestamp` is rewritten, in its own format: everything else stays byte for byte.
  mutating func shift(days: Int) {
    guard days != 0, let timestamp else { return }
    let extent = bytes.withUnsafeBytes { JSONExtent.member("timestamp", in: $0, 0..<$0.count) }
    guard let extent, let first = bytes[extent].first else { return }
    guard first == UInt8(ascii: "\"") else {
      guard let moved = Self.moved(String(decoding: bytes[extent], as: UTF8.self), days: days) else { return }
      return bytes.replaceSubrange(extent, with: moved.utf8)
    }
    let date = (extent.lowerBound + 1)..<min(extent.lowerBound + 11, extent.upperBound)
    // The written date is shifted with its own offset from UTC; a date with escapes is not recognised, and the whole time is rewritten.
    if let day = Day(iso8601: String(decoding: bytes[date], as: UTF8.self)) {
      bytes.replaceSubrange(date, with: day.advanced(by: days).iso8601.utf8)
    } else {
      let moved = timestamp.adding(milliseconds: Int64(days) * 86_400_000)
      bytes.replaceSubrange(extent, with: "\"\(moved.iso8601)\"".utf8)
    }
  }

  /// A number since 1970 shifted by days, in its own unit.
  private static func moved(_ text: String, days: Int) -> String? {
    guard let number = Double(text) else { return nil }
    let day = Timestamp.EpochUnit(of: number).inOneDay
    if let whole = Int64(text) ?? Int64(exactly: number) { return String(whole + Int64(days) * day) }
    return String(number + Double(days) * Double(day))
  }
}

extension Timestamp.EpochUnit {
  /// How many of the unit make a day.
  fileprivate var inOneDay: Int64 {
    switch self {
    case .seconds: 86_400
    case .milliseconds: 86_400_000
    case .microseconds: 86_400_000_000
    }
  }
}
