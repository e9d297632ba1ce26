internal import NaiveMastery

/// Draws the courses and topics of events, in one world in three.
///
/// It has a generator of its own, so that everything else is drawn as if there were no courses.
struct PlaceDrawing: Sendable {
  /// Members of events that must be refused.
  private static let refused: [(name: String, json: String)] = [
    ("course_id", #""no such course!""#), ("correction", "-1"), ("correction", "2147483648"), ("correction", #""once""#),
    ("retracted", #""yes""#),
  ]
  /// More than half of the events are about the first course, so that many meet in one place.
  private static let courses: [String?] = ["alg", "alg", "geo", nil]
  private static let topics: [String?] = [nil, nil, "sets", "sets", "sets/finite", "lines/curved/closed"]

  private let random: SeededGenerator?

  init(seed: UInt64) { random = Plan.hasCourses(seed: seed) ? SeededGenerator(seed: seed ^ 0x3C6E_F372_FE94_F82B) : nil }

  /// A course and a topic, either of which may be missing.
  func place() -> NaivePlace { random.map(Self.place) ?? NaivePlace() }

  /// A course and a topic, either of which may be missing.
  static func place(_ random: SeededGenerator) -> NaivePlace {
    NaivePlace(course: courses[random.draw(0..<courses.count)], topic: topics[random.draw(0..<topics.count)])
  }

  /// Now and then, puts an event into days long ago, mostly before the cutoff, and into one place, so that several meet there.
  func putLongAgo(_ content: inout EventContent) {
    guard let random, let milliseconds = content.milliseconds, random.once(in: 6) else { return }
    content.milliseconds = milliseconds - Int64(random.draw(80..<100)) * 86_400_000
    content.place = NaivePlace(course: "alg", topic: "sets")
  }

  /// Now and then, a topic that breaks its rule, so that it is left out; nil for none.
  func wrongTopic() -> EventBody.Member? {
    guard let random, random.once(in: 15) else { return nil }
    return EventBody.Member(name: "topic", json: [#""a//b""#, #""a/b/c/d""#, #""no such topic!""#, "[1]"][random.draw(0..<4)])
  }

  /// For some of the events that must be refused, the member that breaks a rule of courses or corrections; nil for the others.
  func refusedMember() -> EventBody.Member? {
    guard let random, random.once(in: 3) else { return nil }
    let (name, json) = Self.refused[random.draw(0..<Self.refused.count)]
    return EventBody.Member(name: name, json: json)
  }
}

extension Plan {
  /// Whether the events of a world name courses and topics, and are corrected and taken back: one world in three.
  static func hasCourses(seed: UInt64) -> Bool { seed % 3 == 1 }
}
