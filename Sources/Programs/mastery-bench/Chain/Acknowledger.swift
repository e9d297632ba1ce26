import HTTPServer
import JSON

/// A subscriber that reads each delivery and acknowledges it: the cost of a replay without any processing.
struct Acknowledger: HTTPApplication {
  /// The engine's own answer to `GET /dapr/subscribe`.
  let subscriptions: [UInt8]

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: 32 << 20) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse { HTTPResponse(status: 503) }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let path = request.head.path
    if path == "/dapr/subscribe" { return HTTPResponse(status: 200, body: subscriptions) }
    return HTTPResponse(status: 200, body: path.hasPrefix("/events/") ? Self.acknowledgement(request.body) : Array("{}".utf8))
  }

  /// Each entry as done.
  private static func acknowledgement(_ body: [UInt8]) -> [UInt8] {
    let statuses = try? JSONDocument.parse(body) { (root) throws(Never) in
      JSONWriter.object(capacity: 16 << 10) { json in
        json.array("statuses") { json in
          if let entries = root["entries"] {
            for entry in entries.elements {
              json.object { json in
                json.member("entryId", entry["entryId"])
                json.member("status", "SUCCESS" as StaticString)
              }
            }
          }
        }
      }
    }
    return statuses ?? []
  }
}
