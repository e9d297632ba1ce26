import MasteryCore
import Testing

@testable import Commands

@Suite("A line of a replay")
struct ReplayLineTests {
  private func line(_ text: String) -> ReplayLine? {
    Array(text.utf8).withUnsafeBytes { ReplayLine($0) }
  }

  private func shifted(_ text: String, days: Int) throws -> String {
    let read = line(text)
    var line = try #require(read)
    line.shift(days: days)
    return String(decoding: line.bytes, as: UTF8.self)
  }

  @Test(
    "The event type decides the topic, under any of its names",
    arguments: [
      ("exercise.completed", "learning.completion"), ("completion", "learning.completion"),
      ("exercise.completion.submitted", "learning.completion"), ("quiz.completed", "learning.quiz"), ("quiz", "learning.quiz"),
      ("quiz.performance.submitted", "learning.quiz"), ("quality.assessed", "learning.quality"), ("quality", "learning.quality"),
      ("quality.assessment.completed", "learning.quality"), ("consistency.recorded", "learning.consistency"),
      ("consistency", "learning.consistency"), ("consistency.activity.recorded", "learning.consistency"),
      ("mastery.calculation.requested", "mastery.requests"), ("anything", "mastery.requests"),
    ])
  func topic(type: String, name: String) {
    #expect(line(#"{"event_type":"\#(type)"}"#)?.topic.name == name)
  }

  @Test("An event without a type, and JSON that is not an object, go to mastery.requests")
  func untyped() {
    for text in ["{}", "5", "[]", #"{"event_type":7}"#] { #expect(line(text)?.topic == .requests) }
  }

  @Test("The student of a line is its partition key")
  func student() {
    #expect(line(#"{"student_id":"ada","x":1}"#)?.student == "ada")
    #expect(line(#"{"student_id":5}"#)?.student == "5")
    #expect(line(#"{"student_id":5.5}"#)?.student == nil)
  }

  @Test("Text that is not JSON is not a line of a replay", arguments: ["nope", "{", "{\"a\":1e999}", "{}{}", "\u{1}"])
  func noJSON(text: String) {
    #expect(line(text) == nil)
  }

  @Test(
    "A shift adds whole days to the date as it is written, in its own offset and precision",
    arguments: [
      (#"{"timestamp":"2014-02-28T08:01:01Z"}"#, 1, #"{"timestamp":"2014-03-01T08:01:01Z"}"#),
      (#"{"timestamp":"2012-02-28T08:01:01Z"}"#, 1, #"{"timestamp":"2012-02-29T08:01:01Z"}"#),
      (#"{"timestamp":"2014-03-01T00:30:00.125+02:00","b":2}"#, -1, #"{"timestamp":"2014-02-28T00:30:00.125+02:00","b":2}"#),
      (
        #"{"a":{"timestamp":"x"}, "timestamp" : "2013-12-31 23:59:59Z"}"#, 366,
        #"{"a":{"timestamp":"x"}, "timestamp" : "2015-01-01 23:59:59Z"}"#
      ),
      (#"{"timestamp":1388534400000,"b":2}"#, 2, #"{"timestamp":1388707200000,"b":2}"#),
      (#"{"timestamp":1388534400,"b":2}"#, 2, #"{"timestamp":1388707200,"b":2}"#),
      (#"{"timestamp":1388534400.125}"#, 2, #"{"timestamp":1388707200.125}"#),
      (#"{"timestamp":1388534400000001}"#, -2, #"{"timestamp":1388361600000001}"#),
      (#"{"timestamp":"2014-02-28T08:01"}"#, 1, #"{"timestamp":"2014-03-01T08:01"}"#),
      (#"{"timestamp":"\u0032014-02-28T08:01:01Z"}"#, 1, #"{"timestamp":"2014-03-01T08:01:01Z"}"#),
    ])
  func shift(before: String, days: Int, after: String) throws {
    #expect(try shifted(before, days: days) == after)
  }

  @Test(
    "A shift leaves a time that cannot be read as it is",
    arguments: [
      #"{"timestamp":"yesterday"}"#, #"{"timestamp":""}"#, #"{"timestamp":null}"#, #"{"x":1}"#, "[1]",
      #"{"timestamp":"2014-02-30T00:00:00Z"}"#,
    ])
  func unreadableTime(text: String) throws {
    #expect(try shifted(text, days: 3) == text)
  }
}
