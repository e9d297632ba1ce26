import HTTPServer
import JSON

@testable import DevSidecar

extension FuzzTarget {
  /// Any publish call is refused with a message or makes messages, each of which subscribers can read.
  static let publications = FuzzTarget(name: "publications") {
    let endless = WholeRequest(method: "POST", target: "/v1.0/publish/p/t?metadata.ttlInSeconds=9223372036854775807", body: [0x31])
    let calls = try Recordings.calls().filter { $0.target.contains("/publish/") }
    return [endless.text]
      + calls.map { call in
        var call = call
        call.fields = call.fields.filter { $0.name.lowercased() == "content-type" }
        return call.text
      }
  } run: { bytes throws(Broken) in
    let request = WholeRequest(bytes).request
    let (isBulk, topic): (Bool, String)
    switch Route(request.head) {
    case .publish(_, let name): (isBulk, topic) = (false, name)
    case .bulkPublish(_, let name): (isBulk, topic) = (true, name)
    default: return
    }
    var random = RandomBits(seed: 1)
    let parent = request.head.header("traceparent")
    let envelope = Envelope(pubsub: "pubsub", topic: topic, source: "app", now: 1_795_248_000_000, traceparent: parent, &random)
    let metadata = PublishMetadata(query: request.head.query)
    var publication = Publication(envelope, isWanted: true)
    let type = request.head.header("content-type")
    let messages =
      isBulk
      ? try? publication.bulk(request.body, metadata) : (try? publication.single(request.body, contentType: type, metadata)).map { [$0] }
    for message in messages ?? [] where message.isEvent {
      let isEvent = try? JSONDocument.parse(message.body) { $0["topic"]?.string == topic && $0["specversion"] != nil }
      try Broken.unless(isEvent == true, "a message is no CloudEvent: \(String(decoding: message.body, as: UTF8.self))")
    }
  }
}
