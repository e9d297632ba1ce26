import JSON
import MasteryCore

/// Bulk deliveries as a sidecar brings them, made by rule: 10,000 students, one event each at a time.
enum Deliveries {
  /// Events of one delivery.
  static let size = 500
  /// The clock of the whole measurement.
  static let now: Int64 = 1_795_000_000_000

  /// The body of one delivery.
  static func body(_ number: Int) -> [UInt8] {
    var json = JSONWriter(capacity: size * 1024)
    json.beginObject()
    json.key("entries")
    json.beginArray()
    for index in 0..<size { write(number, index, to: &json) }
    json.endArray()
    json.endObject()
    return json.bytes
  }

  /// What the same bytes cost without mastery: parsed and copied.
  static func copy(_ body: [UInt8]) {
    try? JSONDocument.parse(body) { (root) throws(Never) in
      var json = JSONWriter(capacity: body.count)
      json.copy(root)
    }
  }

  private static func write(_ number: Int, _ index: Int, to json: inout JSONWriter) {
    let time = Timestamp(milliseconds: now - Int64(1_000 - number) * 60_000).iso8601
    json.raw(
      """
      {"entryId":"\(index)","event":{"data":{"event_id":"c13a3889-389a-5607-8b57-\(number)-\(index)","event_type":"quiz.completed",\
      "timestamp":"\(time)","student_id":"ou_\((number * size + index * 7) % 10_000)_FFF-2013B","component":"quiz",\
      "data":{"total_questions":100,"correct_answers":\((number * 31 + index) % 101)},"metadata":{"source":"bench","version":"1.0",\
      "school_id":"open_university","cohort_id":"FFF-2013B"}},"datacontenttype":"application/json",\
      "id":"34815c9c-628d-4f19-aebb-91bfe408b06f","pubsubname":"pubsub","source":"bench","specversion":"1.0","time":"\(time)",\
      "topic":"learning.quiz","type":"com.dapr.event.sent"},"metadata":{"__offset":"\(number * size + index)"},\
      "contentType":"application/cloudevents+json"}
      """.utf8)
  }
}
