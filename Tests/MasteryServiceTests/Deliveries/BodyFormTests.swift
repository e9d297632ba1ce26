import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("One event in every form of body")
struct BodyFormTests {
  private static let event = Wrapped.exercise("e-1")

  /// The forms that are JSON, and so may be in a bulk delivery too.
  private static let forms: [(name: String, body: String)] = [
    ("CloudEvent", Wrapped.cloudEvent(event)),
    ("CloudEvent with text", Wrapped.envelope(#""datacontenttype":"text/plain","data":\#(Wrapped.quoted(event))"#)),
    ("CloudEvent with base64", Wrapped.envelope(#""data_base64":"\#(Wrapped.base64(event))""#)),
    ("CloudEvent with base64 in data", Wrapped.envelope(#""data":"\#(Wrapped.base64(event))""#)),
    ("bare", event),
    ("JSON string", Wrapped.quoted(event)),
    ("JSON string of base64", "\"\(Wrapped.base64(event))\""),
    (
      "flat",
      #"{"event_id":"e-1","event_type":"exercise.completed","timestamp":"2026-03-10T08:00:00Z","student_id":"s-1","#
        + #""total_exercises":10,"completed_exercises":8,"difficulty":null,"metadata":null}"#
    ),
    (
      "other names, epoch milliseconds, fields nobody knows",
      #"{"event_id":"e-1","event_type":"completion","timestamp":1773129600000,"student_id":"s-1","who":{"knows":[1]},"#
        + #""data":{"total_exercises":10.0,"completed_exercises":8,"difficulty":"intermediate","colour":"blue"}}"#
    ),
    (
      "epoch seconds",
      #"{"event_id":"e-1","event_type":"completion","timestamp":1773129600,"student_id":"s-1","total_exercises":10,"completed_exercises":8}"#
    ),
    (
      "request with a component",
      #"{"event_id":"e-1","event_type":"mastery.calculation.requested","timestamp":"2026-03-10T09:00:00+01:00","student_id":"s-1","#
        + #""component":"completion","data":{"total_exercises":10,"completed_exercises":8}}"#
    ),
    (
      "request with components",
      #"{"event_id":"e-1","event_type":"mastery.calculation.requested","timestamp":"2026-03-10T08:00:00.000Z","student_id":"s-1","#
        + #""components":{"completion":{"total_exercises":10,"completed_exercises":8},"quiz":null}}"#
    ),
    (
      "raw envelope around a CloudEvent",
      Wrapped.envelope(#""data_base64":"\#(Wrapped.base64(Wrapped.cloudEvent(event)))""#, id: "other", time: nil, source: "Dapr")
    ),
  ]

  /// Noon of the event's own day, so that the cutoff is the same even if the delivery has no time.
  private static func stand() -> Stand { Stand(at: Stand.noon - 5 * 86_400_000) }

  private static let expected: [UInt8] = {
    // 2026-03-10 is day 20,522, and the cutoff lies 90 days before it.
    let item = #"[1773129600000,"e-1",[10,8]]"#
    return Array(#"{"cut":20432,"baseline":{},"days":[[20522,{"completion":\#(item)}]]}"#.utf8)
  }()

  @Test("An event in any form of body yields the same evidence, byte for byte", arguments: forms.map(\.name))
  func single(_ form: String) async throws {
    let body = try #require(Self.forms.first { $0.name == form }).body
    let stand = Self.stand()
    #expect(await stand.deliver(Array(body.utf8)) == ["": "SUCCESS"])
    #expect(StudentDocumentWriter.evidenceBytes(of: try stand.document(of: "s-1")) == Self.expected)
    #expect(stand.sidecar.published(to: "mastery.dlq").isEmpty)
  }

  @Test("An event in any form yields the same evidence inside a bulk delivery", arguments: forms.map(\.name))
  func bulk(_ form: String) async throws {
    let body = try #require(Self.forms.first { $0.name == form }).body
    let stand = Self.stand()
    #expect(await stand.deliver(Array(Wrapped.bulk([("a", body)]).utf8)) == ["a": "SUCCESS"])
    #expect(StudentDocumentWriter.evidenceBytes(of: try stand.document(of: "s-1")) == Self.expected)
  }

  @Test("All forms of an event together are one event")
  func together() async throws {
    let stand = Self.stand()
    let statuses = await stand.deliver(Array(Wrapped.bulk(Self.forms.map { ($0.name, $0.body) }).utf8))
    #expect(statuses == Dictionary(uniqueKeysWithValues: Self.forms.map { ($0.name, "SUCCESS") }))
    let document = try stand.document(of: "s-1")
    #expect(StudentDocumentWriter.evidenceBytes(of: document) == Self.expected)
    #expect(document.ledger.revision == 1)
    #expect(document.ledger.lastRevision?.causedByCount == 1)
  }

  @Test("Bare base64, which is not JSON, is the event too")
  func bareBase64() async throws {
    let stand = Self.stand()
    #expect(await stand.deliver(Array(Wrapped.base64(Self.event).utf8)) == ["": "SUCCESS"])
    #expect(StudentDocumentWriter.evidenceBytes(of: try stand.document(of: "s-1")) == Self.expected)
  }
}
