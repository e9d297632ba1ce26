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
      var json = JSONWriter(capacity: 16 << 10)
      json.beginObject()
      json.key("statuses")
      json.beginArray()
      if let entries = root["entries"] {
        for entry in entries.elements {
          json.beginObject()
          json.key("entryId")
          if let id = entry["entryId"] { json.copy(id) } else { json.null() }
          json.key("status")
          json.string("SUCCESS" as StaticString)
          json.endObject()
        }
      }
      json.endArray()
      json.endObject()
      return json.bytes
    }
    return statuses ?? []
  }
}
