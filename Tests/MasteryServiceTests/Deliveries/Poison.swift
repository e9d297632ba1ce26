import Testing

/// The fault of an event, and a word of its error.
struct Poison: Sendable, CustomTestStringConvertible {
  let name: String
  let event: String
  let message: String

  init(_ name: String, _ event: String, _ message: String) {
    self.name = name
    self.event = event
    self.message = message
  }

  var testDescription: String { name }

  static func event(
    _ data: String = #"{"total_exercises":10,"completed_exercises":8}"#, type: String = #""exercise.completed""#,
    student: String = #""s-1""#, more: String = ""
  ) -> String {
    #"{"event_id":"bad-1","event_type":\#(type),"timestamp":"2026-03-10T08:00:00Z","student_id":\#(student),"data":\#(data)\#(more)}"#
  }

  private static func quiz(_ data: String) -> String { event(data, type: #""quiz""#) }

  /// Events that are JSON and break a rule of the Contract article, "Events in".
  static let refused: [Poison] = [
    Poison("a list", "[1,2]", "object"), Poison("a number", "7", "object"), Poison("nothing known", #"{"a":1}"#, "event_type"),
    Poison("unknown type", event(type: #""exercise.begun""#), "event_type"), Poison("type of another kind", event(type: "7"), "event_type"),
    Poison("no student", event(student: "null"), "student_id"), Poison("student as a negative number", event(student: "-5"), "student_id"),
    Poison("student beyond 2^53", event(student: "9007199254740993"), "student_id"),
    Poison("student of 2^53, which the sidecar makes of 2^53 + 1 too", event(student: "9007199254740992"), "student_id"),
    Poison("half a student", event(student: "5.5"), "student_id"),
    Poison("student with half a letter", event(student: #""s\ud83d""#), "student_id"),
    Poison("student of 129 characters", event(student: "\"\(String(repeating: "s", count: 129))\""), "student_id"),
    Poison("student with a control character", event(student: #""s\u0000x""#), "student_id"),
    Poison("student with a slash", event(student: #""a/b""#), "student_id"), Poison("empty student", event(student: #""""#), "student_id"),
    Poison("data as text in the event", event(#""words""#), "data"), Poison("missing field", event("{}"), "total_exercises"),
    Poison("total of zero", event(#"{"total_exercises":0,"completed_exercises":0}"#), "total_exercises"),
    Poison("more done than there is", event(#"{"total_exercises":10,"completed_exercises":11}"#), "completed_exercises"),
    Poison("less than nothing", event(#"{"total_exercises":10,"completed_exercises":-1}"#), "completed_exercises"),
    Poison("a broken number of exercises", event(#"{"total_exercises":10,"completed_exercises":7.5}"#), "completed_exercises"),
    Poison("number as text", event(#"{"total_exercises":"10","completed_exercises":8}"#), "total_exercises"),
    Poison("more than any integer", event(#"{"total_exercises":1e300,"completed_exercises":8}"#), "total_exercises"),
    Poison("unknown difficulty", event(#"{"total_exercises":10,"completed_exercises":8,"difficulty":"hard"}"#), "difficulty"),
    Poison("no questions", quiz(#"{"total_questions":0,"correct_answers":0}"#), "total_questions"),
    Poison("time runs backwards", quiz(#"{"total_questions":10,"correct_answers":5,"time_spent":-1}"#), "time_spent"),
    Poison("no attempt", quiz(#"{"total_questions":10,"correct_answers":5,"attempts":0}"#), "attempts"),
    Poison("no quality at all", event("{}", type: #""quality""#), "quality"),
    Poison("quality over one", event(#"{"code_quality_score":1.01}"#, type: #""quality""#), "code_quality_score"),
    Poison(
      "streak over its maximum", event(#"{"current_streak":5,"max_streak":4,"days_since_last_activity":0}"#, type: #""consistency""#),
      "current_streak"),
    Poison(
      "days below zero", event(#"{"current_streak":1,"max_streak":4,"days_since_last_activity":-1}"#, type: #""consistency""#),
      "days_since_last_activity"),
    Poison("unknown component", event("null", type: #""mastery.calculation.requested""#, more: #","components":{"speed":1}"#), "speed"),
    Poison("component over one", event("null", type: #""mastery.calculation.requested""#, more: #","components":{"quiz":1.5}"#), "quiz"),
    Poison("school that is none", event(more: #","metadata":{"school_id":"a b"}"#), "school_id"),
    Poison("a number beyond 64 bits", event(#"{"total_exercises":18446744073709551616,"completed_exercises":8}"#), "total_exercises"),
    Poison("over 64 KiB", event(more: #","pad":"\#(String(repeating: "x", count: 65_536))""#), "65536"),
    Poison("bad event id", #"{"event_id":"a b","event_type":"quiz","timestamp":1773129600,"student_id":"s-1"}"#, "event_id"),
    Poison("bad time", #"{"event_id":"e","event_type":"quiz","timestamp":"yesterday","student_id":"s-1"}"#, "timestamp"),
    Poison("date without a time", #"{"event_id":"e","event_type":"quiz","timestamp":"2026-03-10","student_id":"s-1"}"#, "timestamp"),
    Poison("time before all events", #"{"event_id":"e","event_type":"quiz","timestamp":1773129,"student_id":"s-1"}"#, "timestamp"),
    Poison("time after all times", #"{"event_id":"e","event_type":"quiz","timestamp":9e18,"student_id":"s-1"}"#, "timestamp"),
    Poison("words", #""plain words""#, "JSON"), Poison("an empty text", #""""#, "JSON"),
    Poison("JSON cut off in a text", #""{\"a\":""#, "JSON"),
  ]
}
