internal import JSON
internal import MasteryCore

/// A line of an event file, read as far as a replay needs it.
struct ReplayLine: Sendable {
  /// The event as it stands in the file.
  var bytes: [UInt8]
  let topic: ReplayTopic
  /// The student, if the event names one; also what decides the partition.
  let student: String?
  /// When it happened, if the event says so in a way that can be read.
  let timestamp: Timestamp?

  /// Reads a line; nil when it is no JSON.
  init?(_ line: UnsafeRawBufferPointer) {
    let read = try? JSONDocument.parse(line) { event in
      (ReplayTopic(eventType: event["event_type"]?.text), event["student_id"]?.string, Self.time(event["timestamp"]))
    }
    guard let read else { return nil }
    (topic, student, timestamp) = read
    bytes = Array(line)
  }

  private static func time(_ value: JSONValue?) -> Timestamp? {
    if let text = value?.text { return Timestamp(iso8601: text.bytes) }
    return value?.integer.flatMap { Timestamp(exactly: $0) }
  }

  /// Moves the event by whole days; one whose time cannot be read stays as it is.
  ///
  /// Only the value of `timestamp` is written anew, in its own form: everything else stays byte for byte.
  mutating func shift(days: Int) {
    guard days != 0, let timestamp else { return }
    let extent = bytes.withUnsafeBytes { JSONExtent.member("timestamp", in: $0, 0..<$0.count) }
    guard let extent, let first = bytes[extent].first else { return }
    guard first == UInt8(ascii: "\"") else {
      let moved = timestamp.milliseconds + Int64(days) * 86_400_000
      return bytes.replaceSubrange(extent, with: String(moved).utf8)
    }
    let date = (extent.lowerBound + 1)..<min(extent.lowerBound + 11, extent.upperBound)
    // The written date moves with its own offset from UTC; a date in escapes is no date here, and the whole time is written.
    if let day = Day(iso8601: String(decoding: bytes[date], as: UTF8.self)) {
      bytes.replaceSubrange(date, with: day.advanced(by: days).iso8601.utf8)
    } else {
      let moved = timestamp.adding(milliseconds: Int64(days) * 86_400_000)
      bytes.replaceSubrange(extent, with: "\"\(moved.iso8601)\"".utf8)
    }
  }
}
