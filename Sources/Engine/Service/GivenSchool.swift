internal import HTTPServer
internal import JSON
package import MasteryCore

/// A school whose events are given, worked off in memory: it answers requests without a server.
///
/// The settings are the standard ones, whatever the environment says.
package struct GivenSchool: Sendable {
  /// The number of events that are worked off together.
  private static let size = 1_000
  private static let topic = "mastery.requests"

  private let school: MemorySchool
  private let now: Timestamp

  /// Creates a school without events.
  ///
  /// - Parameters:
  ///   - school: The school's id; nil for data without a school.
  ///   - now: The time at which the school stands.
  package init(_ school: SchoolID?, now: Timestamp) { self.init(school, now: now, intents: .standard) }

  /// Creates a school that may be asked these intents.
  init(_ school: SchoolID?, now: Timestamp, intents: IntentTable) {
    self.now = now
    let words = CountedWords()
    let runtime = Runtime(now: { now }, sleep: { _ in await Task.yield() }, random: { words.next() })
    self.school = MemorySchool(school, intents, runtime)
  }

  /// Works events off.
  ///
  /// - Parameter events: The JSON texts of the events; those without an id or a time get one, as from a sidecar.
  /// - Returns: Why events were refused, in words.
  package func take(_ events: [[UInt8]]) async -> [String] {
    var refusals: [String] = []
    var rest = events[...]
    var number = 0
    while !rest.isEmpty {
      let part = rest.prefix(Self.size)
      rest = rest.dropFirst(Self.size)
      let body = JSONWriter.object(capacity: part.reduce(64) { $0 + $1.count + 96 }) { json in
        json.objects("entries", of: part.enumerated()) { json, entry in
          json.member("entryId", String(entry.offset))
          json.member("contentType", "application/cloudevents+json" as StaticString)
          number += 1
          json.member("event") { write(entry.element, number: number, to: &$0) }
        }
      }
      await school.deliver(body, to: Self.topic)
      await school.redeliver(Topic.standings)
      refusals += school.take(from: Topic.deadLetters).map(Self.reason)
      // Nobody else is told.
      for topic in Set(PublishedEvents.all.map(\.topic)) { _ = school.take(from: topic) }
    }
    return refusals
  }

  /// Writes an event in the envelope of a sidecar, unless it has one of its own.
  private func write(_ event: [UInt8], number: Int, to json: inout JSONWriter) {
    let hasEnvelope = try? JSONDocument.parse(event) { (root) throws(Never) in root["specversion"] != nil }
    if hasEnvelope == true { return json.raw(event) }
    json.object { json in
      json.member("specversion", "1.0" as StaticString)
      json.member("id", "given-\(number)")
      json.member("source", "given" as StaticString)
      json.member("type", "com.dapr.event.sent" as StaticString)
      json.member("time", now.iso8601)
      json.member("datacontenttype", "application/json" as StaticString)
      json.member("data", raw: event)
    }
  }

  private static func reason(_ letter: [UInt8]) -> String {
    let read = try? JSONDocument.parse(letter) { (root) throws(Never) in (root["data"] ?? root)["error_message"]?.string }
    return (read ?? nil) ?? "it cannot be read"
  }

  /// Answers a request.
  ///
  /// - Returns: The status, and the JSON text of the answer as it comes over HTTP.
  package func answer(_ request: SkillRequest) async -> (status: Int, body: [UInt8]) {
    guard let answer = await school.answer(to: request.type, request.fields) else { return (500, []) }
    return (answer.status, answer.body)
  }
}
