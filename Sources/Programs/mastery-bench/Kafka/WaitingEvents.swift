import CBuiltIn
import Commands
import Glibc
import HTTPClient
import JSON
import MasteryCore

/// The first events of a course, moved so that the last one happened yesterday, ready to be published in bulk.
struct WaitingEvents {
  /// The topics that they go to in turn.
  static let topics = ["mastery.requests", "learning.completion", "learning.quiz", "learning.quality", "learning.consistency"]
  /// Events per call.
  private static let size = 500

  /// How many there are.
  private(set) var count = 0
  /// Bodies of bulk publishes, by topic.
  private var bodies: [(topic: String, body: [UInt8])] = []

  /// Reads that many events from a file, or from the shipped course without a file.
  ///
  /// - Throws: `BenchFailure` if it cannot be read.
  init(_ path: String?, most: Int) throws(BenchFailure) {
    let lines = try Self.lines(path, most: most)
    guard let last = lines.last, let from = Self.day(last), let today = Day(iso8601: Self.today) else {
      throw BenchFailure("\(path ?? "the course") holds no events")
    }
    count = lines.count
    var entries: [[String]] = Array(repeating: [], count: Self.topics.count)
    for (number, line) in lines.enumerated() {
      let topic = number % Self.topics.count
      entries[topic].append(try Self.entry(line, number, movedBy: from.distance(to: today) - 1))
      if entries[topic].count == Self.size { flush(&entries[topic], to: Self.topics[topic]) }
    }
    for topic in entries.indices { flush(&entries[topic], to: Self.topics[topic]) }
  }

  private mutating func flush(_ entries: inout [String], to topic: String) {
    guard !entries.isEmpty else { return }
    bodies.append((topic, Array("[\(entries.joined(separator: ","))]".utf8)))
    entries = []
  }

  private static func lines(_ path: String?, most: Int) throws(BenchFailure) -> [String] {
    let shipped = try path == nil ? NamelessFile() : nil
    if let shipped {
      let course = built_in_course
      guard write(shipped.descriptor, course.bytes, course.size) == course.size else {
        throw BenchFailure("there is no room for the course")
      }
    }
    var lines: [String] = []
    do throws(CommandFailure) {
      var reader = try EventFile(path: path ?? shipped?.path ?? "", readsTwice: false).lines()
      while lines.count < most, let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    } catch {
      throw BenchFailure("\(path ?? "the course") cannot be read")
    }
    return lines
  }

  private static var today: String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    return String(unsafeUninitializedCapacity: 16) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, 16, "%Y-%m-%d", &parts) }
    }
  }

  private static func text(_ name: StaticString, in line: String) -> String? {
    (try? JSONDocument.parse(Array(line.utf8)) { (root) throws(Never) in root[name]?.string }) ?? nil
  }

  private static func day(_ line: String) -> Day? {
    text("timestamp", in: line).flatMap { Day(iso8601: String($0.prefix(10))) }
  }

  private static func entry(_ line: String, _ number: Int, movedBy days: Int) throws(BenchFailure) -> String {
    guard let time = text("timestamp", in: line), let day = day(line), let student = text("student_id", in: line),
      let range = line.range(ofFirst: "\"timestamp\":\"\(time)\"")
    else { throw BenchFailure("event \(number + 1) has no student_id or no timestamp") }
    let moved = Timestamp(milliseconds: day.advanced(by: days).start.milliseconds).iso8601.prefix(10)
    let event = line[..<range.lowerBound] + "\"timestamp\":\"\(moved)\(time.dropFirst(10))\"" + line[range.upperBound...]
    return
      #"{"entryId":"\#(number)","event":\#(event),"contentType":"application/json","metadata":{"partitionKey":"\#(student)"}}"#
  }

  /// Publishes all of them.
  ///
  /// - Throws: `BenchFailure` if the sidecar does not accept them.
  func publish(through sidecar: TimedSidecar) async throws(BenchFailure) {
    for (topic, body) in bodies { try await sidecar.post("/v1.0-alpha1/publish/bulk/pubsub/\(topic)", body) }
  }
}

extension String {
  /// The range of the first occurrence of a text; nil if there is none.
  fileprivate func range(ofFirst text: String) -> Range<String.Index>? {
    let pattern = Array(text.utf8)
    var position = utf8.startIndex
    while let start = utf8[position...].firstIndex(of: pattern.first ?? 0) {
      if utf8[start...].starts(with: pattern) { return start..<utf8.index(start, offsetBy: pattern.count) }
      position = utf8.index(after: start)
    }
    return nil
  }
}
