import JSON
import MasteryCore

/// Bulk deliveries as a sidecar sends them, made by rule: 10,000 students, one event each at a time.
enum Deliveries {
  /// Events of one delivery.
  static let size = 300
  /// Students whose work the events are about.
  static let students = 1_000
  /// The clock of the whole measurement.
  static let now: Int64 = 1_795_000_000_000

  /// The body of one delivery, in which each student's work is spread over some topics of a course; 0 for events without a course.
  ///
  /// `traceparent` gives the trace parent of an event by its place, if events have one.
  static func body(_ number: Int, topics: Int = 0, traceparent: ((Int) -> String)? = nil) -> [UInt8] {
    JSONWriter.object(capacity: size * 1024) { json in
      json.array("entries", of: 0..<size) { write(number, $1, topics, traceparent?($1), to: &$0) }
    }
  }

  /// The cost of the same bytes without mastery: parsed and copied.
  static func copy(_ body: [UInt8]) {
    try? JSONDocument.parse(body) { (root) throws(Never) in
      var json = JSONWriter(capacity: body.count)
      json.copy(root)
    }
  }

  /// Event `index` of delivery `number`: each student hands in one piece of work a day, which yields three events.
  private static func write(_ number: Int, _ index: Int, _ topics: Int, _ traceparent: String?, to json: inout JSONWriter) {
    let event = number * size + index
    let submission = event / 3
    let student = submission % students
    let day = submission / students
    let time = Timestamp(milliseconds: now - Int64(60 - day % 60) * 86_400_000 + Int64(index)).iso8601
    let (type, data) =
      switch event % 3 {
      case 0: ("exercise.completed", #""total_exercises":11,"completed_exercises":\#(min(11, 1 + day % 11))"#)
      case 1: ("quiz.completed", #""total_questions":100,"correct_answers":\#((submission * 31 + index) % 101)"#)
      default: ("consistency.recorded", #""current_streak":\#(1 + day % 9),"max_streak":9,"days_since_last_activity":0"#)
      }
    let trace = traceparent.map { #""traceparent":"\#($0)","# } ?? ""
    let topic = topics > 0 ? #""course_id":"FFF-2013B","topic":"tma/\#(day % topics)","# : ""
    json.raw(
      """
      {"entryId":"\(index)","event":{"data":{"event_id":"c13a3889-389a-5607-8b57-\(100_000_000_000 + event)","event_type":"\(type)",\
      "timestamp":"\(time)","student_id":"ou_\(100_000 + student)_FFF-2013B",\(topic)\
      "data":{\(data)},"metadata":{"source":"bench","version":"1.0",\
      "school_id":"open_university","cohort_id":"FFF-2013B"}},"datacontenttype":"application/json",\(trace)\
      "id":"34815c9c-628d-4f19-aebb-91bfe408b06f","pubsubname":"pubsub","source":"bench","specversion":"1.0","time":"\(time)",\
      "topic":"learning.quiz","type":"com.dapr.event.sent"},"metadata":{"__offset":"\(event)"},\
      "contentType":"application/cloudevents+json"}
      """.utf8)
  }
}
