import Foundation

/// Events as texts, and what the sidecar wraps around them.
enum Wrapped {
  /// An exercise event; 8 of 10 score 0.8.
  static func exercise(
    _ id: String, of student: String = "s-1", completed: Int = 8, at time: String = "2026-03-10T08:00:00Z", metadata: String? = nil
  ) -> String {
    let tail = metadata.map { #","metadata":\#($0)"# } ?? ""
    return #"{"event_id":"\#(id)","event_type":"exercise.completed","timestamp":"\#(time)","student_id":"\#(student)","#
      + #""data":{"total_exercises":10,"completed_exercises":\#(completed)}\#(tail)}"#
  }

  /// A CloudEvent around JSON.
  static func cloudEvent(_ data: String, id: String = "ce-1", time: String? = "2026-03-15T11:59:00Z", source: String = "tests") -> String {
    envelope(#""datacontenttype":"application/json","data":\#(data)"#, id: id, time: time, source: source)
  }

  /// A CloudEvent with any members.
  static func envelope(_ members: String, id: String = "ce-1", time: String? = "2026-03-15T11:59:00Z", source: String = "tests") -> String {
    let moment = time.map { #""time":"\#($0)","# } ?? ""
    return #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"com.dapr.event.sent",\#(moment)\#(members)}"#
  }

  /// A text as a JSON string.
  static func quoted(_ text: String) -> String {
    let data = (try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  /// A bulk delivery.
  static func bulk(_ entries: [(id: String, event: String)], metadata: String = "{}") -> String {
    let list = entries.map { #"{"entryId":"\#($0.id)","event":\#($0.event),"metadata":\#(metadata),"contentType":"application/json"}"# }
    return #"{"entries":[\#(list.joined(separator: ","))],"id":"b-1","pubsubname":"pubsub","topic":"t","type":"com.dapr.event.sent.bulk"}"#
  }
}
