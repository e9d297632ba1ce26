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

  /// Creates a school without events.
  ///
  /// - Parameters:
  ///   - school: The school's id; nil for data without a school.
  ///   - now: The time at which the school stands.
  package init(_ school: SchoolID?, now: Timestamp) { self.init(school, now: now, intents: .standard) }

  /// Creates a school that may be asked these intents.
  init(_ school: SchoolID?, now: Timestamp, intents: IntentTable) {
    let words = CountedWords()
    let runtime = Runtime(now: { now }, sleep: { _ in await Task.yield() }, random: { words.next() })
    self.school = MemorySchool(school, intents, runtime)
  }

  /// Works events off; those that break the rules for events are passed over.
  ///
  /// - Parameter events: The JSON texts of the events.
  package func take(_ events: [[UInt8]]) async {
    var rest = events[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.size)
      rest = rest.dropFirst(Self.size)
      let body = JSONWriter.object(capacity: part.reduce(64) { $0 + $1.count + 96 }) { json in
        json.objects("entries", of: part.enumerated()) { json, entry in
          json.member("entryId", String(entry.offset))
          json.member("contentType", "application/json" as StaticString)
          json.member("event", raw: entry.element)
        }
      }
      await school.deliver(body, to: Self.topic)
      await school.redeliver(Topic.standings)
      // Nobody is told.
      for topic in Set(PublishedEvents.all.map(\.topic)) { _ = school.take(from: topic) }
    }
  }

  /// Answers a request.
  ///
  /// - Returns: The status, and the JSON text of the answer as it comes over HTTP.
  package func answer(_ request: SkillRequest) async -> (status: Int, body: [UInt8]) {
    guard let answer = await school.answer(to: request.type, request.fields) else { return (500, []) }
    return (answer.status, answer.body)
  }
}
