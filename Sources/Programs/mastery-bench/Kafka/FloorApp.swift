import HTTPClient
import HTTPServer
import JSON

/// An app without mastery: for each delivery it gets its students' keys, saves 2 kB for each and publishes 0.3 kB for each event.
struct FloorApp: HTTPApplication {
  /// An event of a delivery: the entry's name and the student, as JSON text.
  private struct Entry {
    let id: String
    let student: String
  }

  /// Topics of its bulk subscriptions.
  let topics: [String]
  /// How they are spread over components.
  let layout: BrokerLayout
  /// Most events of a delivery.
  let batch: Int
  /// How long the sidecar gathers, in milliseconds.
  let wait: Int
  /// How many pieces of a delivery are processed at once.
  let pieces: Int
  /// The sidecar's address.
  let sidecar: String
  let client: HTTPClient

  /// A document of 1.9 kB, as the text between a JSON string's quotes.
  private static let document = #"{\"evidence\":\""# + String(repeating: "x", count: 1_880) + #"\"}"#
  /// The text of a message of 0.3 kB.
  private static let message = #"{"result":""# + String(repeating: "y", count: 270) + #""}"#

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: 64 << 20) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse { HTTPResponse(status: 503) }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if request.head.path == "/dapr/subscribe" { return HTTPResponse(status: 200, body: Array(subscriptions.utf8)) }
    guard request.head.path.hasPrefix("/events/") else { return HTTPResponse(status: 204) }
    let entries = Self.entries(request.body)
    let parts = Dictionary(grouping: entries) { pieces == 1 ? 0 : Self.piece($0.student, of: pieces) }
    let areDone = await withTaskGroup(of: Bool.self) { group in
      for part in parts.values { group.addTask { await work(off: part) } }
      return await group.reduce(true) { $0 && $1 }
    }
    return HTTPResponse(status: areDone ? 200 : 500, body: Array(Self.statuses(entries).utf8))
  }

  private var subscriptions: String {
    let all = topics.map { topic in
      #"{"pubsubname":"\#(layout.component(of: topic))","topic":"\#(topic)","route":"/events/\#(topic)","#
        + #""bulkSubscribe":{"enabled":true,"maxMessagesCount":\#(batch),"maxAwaitDurationMs":\#(wait)}}"#
    }
    return "[\(all.joined(separator: ","))]"
  }

  private static func entries(_ body: [UInt8]) -> [Entry] {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) in
      var entries: [Entry] = []
      if let list = root["entries"] {
        for entry in list.elements {
          guard let id = entry["entryId"]?.string, let student = entry["event"]?["data"]?["student_id"]?.string else { continue }
          entries.append(Entry(id: id, student: student))
        }
      }
      return entries
    }
    return read ?? []
  }

  private static func piece(_ student: String, of pieces: Int) -> Int {
    Int(student.utf8.reduce(UInt32(0)) { $0 &* 31 &+ UInt32($1) } % UInt32(pieces))
  }

  /// Gets, saves and publishes, one call each.
  private func work(off entries: [Entry]) async -> Bool {
    let students = Array(Set(entries.map(\.student)))
    let keys = students.map { "\"floor-\($0)\"" }.joined(separator: ",")
    guard await post("/v1.0/state/statestore/bulk", #"{"keys":[\#(keys)],"parallelism":64}"#) else { return false }
    let items = students.map { #"{"key":"floor-\#($0)","value":"\#(Self.document)"}"# }.joined(separator: ",")
    guard await post("/v1.0/state/statestore", "[\(items)]") else { return false }
    let events = entries.enumerated().map { number, entry in
      #"{"entryId":"\#(number)","event":\#(Self.message),"contentType":"application/json","#
        + #""metadata":{"partitionKey":"\#(entry.student)"}}"#
    }
    return await post("/v1.0-alpha1/publish/bulk/pubsub/floor.results", "[\(events.joined(separator: ","))]")
  }

  private func post(_ path: String, _ body: String) async -> Bool {
    let call = HTTPCall(
      "POST", sidecar + path, headers: [("Content-Type", "application/json")], body: Array(body.utf8), deadline: 60_000)
    guard let answer = try? await client.send(call) else { return false }
    return (200..<300).contains(answer.status)
  }

  private static func statuses(_ entries: [Entry]) -> String {
    #"{"statuses":[\#(entries.map { #"{"entryId":"\#($0.id)","status":"SUCCESS"}"# }.joined(separator: ","))]}"#
  }
}
