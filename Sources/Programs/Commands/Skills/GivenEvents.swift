internal import JSON
internal import MasteryCore
internal import MasteryService

/// The events of a file that somebody asks about, and whose they are.
struct GivenEvents: Sendable {
  private let name: String
  /// The JSON texts of the events.
  private(set) var events: [[UInt8]] = []
  /// The schools that the events name; without a school counts as one.
  private(set) var schools: Set<String?> = []

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The file, one event a line, gzipped or not; `-` is standard input.
  ///   - until: Events after that time are left out; nil takes all.
  ///   - now: The time by which events are judged.
  /// - Throws: `CommandFailure.noInput` if it cannot be read, or names the first line that the service would refuse.
  init(_ path: String, until: Timestamp?, now: Timestamp) throws(CommandFailure) {
    let file = try EventFile(path: path, readsTwice: false)
    name = file.name
    let rules = EventRules(now: now)
    var lines = try file.lines()
    while let text = try lines.next() {
      guard let line = ReplayLine(text) else { throw .noInput("\(name), line \(lines.number): the event must be JSON") }
      if let until, let timestamp = line.timestamp, timestamp > until { continue }
      if let fault = rules.fault(of: text) { throw .noInput("\(name), line \(lines.number): \(fault.rule)") }
      events.append(line.bytes)
      schools.insert(Self.school(of: text))
    }
    if events.isEmpty { throw .noInput("\(name) has no event\(until == nil ? "" : " up to the time of --now")") }
  }

  /// The school of all events; nil if they are without one.
  ///
  /// - Throws: `CommandFailure.wrongCall` if they are of several.
  var school: SchoolID? {
    get throws(CommandFailure) {
      guard schools.count == 1, let only = schools.first else {
        let named = schools.map { $0 ?? "(those without a school)" }.sorted().prefix(5).joined(separator: ", ")
        throw .wrongCall("--school must name one of the schools of \(name): \(named)")
      }
      return only.flatMap(SchoolID.init)
    }
  }

  private static func school(of text: UnsafeRawBufferPointer) -> String? {
    let school = try? JSONDocument.parseTolerantly(text) { event in
      // An envelope has no type of event of its own.
      (event["event_type"] == nil ? event["data"] ?? event : event)["metadata"]?["school_id"]?.identifier
    }
    return school ?? nil
  }
}
