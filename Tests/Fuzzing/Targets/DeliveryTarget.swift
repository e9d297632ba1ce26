import DaprClient
import HTTPServer
import JSON
import MasteryCore
import Simulation

@testable import MasteryService

extension FuzzTarget {
  /// Any delivery is acknowledged whole while nothing fails, and a repetition changes no evidence.
  static let deliveries = FuzzTarget(name: "deliveries") {
    try Recordings.callbacks().map(\.body) + Recordings.events()
      + [
        #"{"entries":[{"entryId":"1","event":1e999},{"entryId":"2","event":{"data":"eyJhIjoxfQ=="},"metadata":{"__timestamp":"1"}}]}"#,
        #"{"event_id":"e","event_type":"quality","timestamp":0,"student_id":"s","correctness":0.5,"metadata":{"cohort_id":"c"}}"#,
        #"{"event_id":"e","event_type":"consistency","timestamp":1,"student_id":"s","current_streak":1,"max_streak":2,"days_since_last_activity":3}"#,
        #"{"event_id":"e","event_type":"quality","timestamp":1,"student_id":"auth0|a:b@c.d","efficiency":1,"metadata":{"school_id":"e+f=g~"}}"#,
        #"{"event_id":"e","event_type":"mastery.calculation.requested","timestamp":2,"student_id":"s","components":{"quiz":1}}"#,
        #"{"event_id":"e","event_type":"quiz","timestamp":1773129600,"student_id":"s","course_id":"c","topic":"a/b","correction":1,"#
          + #""total_questions":2,"correct_answers":1,"metadata":{"course_id":"d","topic":"e"}}"#,
        #"{"event_id":"e","event_type":"mastery.calculation.requested","timestamp":1773129600,"student_id":"s","course_id":7,"#
          + #""components":{"quiz":1,"quality":null},"retracted":true,"correction":2147483647}"#,
      ].map { Array($0.utf8) }
  } run: { bytes throws(Broken) in
    let fuzzed = FuzzedService()
    let ids = entryIDs(bytes)
    for _ in 0..<2 {
      let before = fuzzed.documents.map { StudentDocumentWriter.evidenceBytes(of: $0) }
      let isFirst = fuzzed.sidecar.keys.isEmpty
      try acknowledged(try fuzzed.deliver(bytes), ids)
      let after = fuzzed.documents
      try Broken.unless(after.count == fuzzed.sidecar.keys.count, "a document was stored that cannot be read")
      try Broken.unless(isFirst || after.map { StudentDocumentWriter.evidenceBytes(of: $0) } == before, "a redelivery changed evidence")
      try Broken.unless(after.allSatisfy { $0.ledger.revision == 1 }, "one delivery made two revisions")
    }
    for letter in fuzzed.sidecar.published {
      let isObject = try? JSONDocument.parse(letter.event.body) { $0.kind == .object && $0["data"]?["event_id"]?.string != nil }
      try Broken.unless(isObject == true, "what was published is no event")
      try Broken.unless(letter.event.body.count < 1_000_000, "no broker takes what was published")
    }
  }

  /// The expected ids of the answer to a bulk delivery; nil if the body is not JSON, or not a bulk.
  private static func entryIDs(_ bytes: [UInt8]) -> [String]? {
    let read = try? JSONDocument.parse(bytes) { root -> [String]? in
      guard let entries = root["entries"], entries.kind == .array, root["event_type"] == nil, root["specversion"] == nil else { return nil }
      return entries.elements.map { $0["entryId"]?.string ?? "" }
    }
    return read ?? nil
  }

  /// Every entry is answered once, and with success.
  private static func acknowledged(_ response: HTTPResponse, _ ids: [String]?) throws(Broken) {
    let text = String(decoding: response.body, as: UTF8.self)
    try Broken.unless(response.status == 200, "status \(response.status): \(text)")
    let statuses = try? JSONDocument.parse(response.body) { root in
      (root["statuses"]?.elements.map { ($0["entryId"]?.string ?? "", $0["status"]?.string) }, root["status"]?.string)
    }
    guard let statuses else { throw Broken(description: "the answer is not JSON: \(text)") }
    if let entries = statuses.0 {
      try Broken.unless(ids.map { $0 == entries.map(\.0) } ?? true, "other entries are answered than came: \(text)")
      try Broken.unless(entries.allSatisfy { $0.1 == "SUCCESS" }, "an entry is not taken: \(text)")
    } else {
      try Broken.unless(ids == nil && statuses.1 == "SUCCESS", "the event is not taken: \(text)")
    }
  }
}
