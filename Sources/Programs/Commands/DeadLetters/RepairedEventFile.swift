internal import JSON
internal import MasteryService

/// A file of repaired events: letters as `dlq show` prints them, with the event mended in place, or mended events by themselves.
enum RepairedEventFile {
  /// Maximum number of events, because all of them are in memory.
  private static let most = 10_000

  /// Reads all events of a file.
  ///
  /// - Parameter path: The file, gzipped or not; `-` is standard input.
  /// - Returns: The events in order.
  /// - Throws: `CommandFailure` if the file cannot be read, or a line holds no event.
  static func events(of path: String) throws(CommandFailure) -> [RepairedEvent] {
    let file = try EventFile(path: path, readsTwice: false)
    var lines = try file.lines()
    var events: [RepairedEvent] = []
    while let line = try lines.next() {
      guard events.count < most else { throw .incomplete("\(file.name) must have at most \(most) events; nothing is published") }
      do throws(JSONFailure<JSONInvalid>) {
        events.append(try JSONDocument.parse(line) { (value) throws(JSONInvalid) in try RepairedEvent(value) })
      } catch {
        let reason =
          switch error {
          case .malformed(let why): "the line is not JSON: \(why)"
          case .reading(let invalid): invalid.description
          }
        throw .incomplete("\(file.name), line \(lines.number): \(reason); nothing is published")
      }
    }
    return events
  }
}
