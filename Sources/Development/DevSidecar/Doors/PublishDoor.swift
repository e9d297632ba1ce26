internal import HTTPServer
internal import JSON
internal import Synchronization

/// Answers publish calls.
final class PublishDoor: Sendable {
  private let courier: Courier?
  private let appID: String
  private let faults: Faults
  private let random = Mutex(RandomBits())
  private static let outage = "the broker does not take messages"
  private static let tooLarge = "kafka: invalid configuration (Attempt to produce message larger than configured Producer.MaxMessageBytes)"

  init(_ courier: Courier?, appID: String, faults: Faults) {
    self.courier = courier
    self.appID = appID
    self.faults = faults
  }

  func publish(_ request: HTTPRequest, pubsub: String, topic: String) -> HTTPResponse {
    answered(request, pubsub, topic) { (publication, metadata) throws(Publication.Refused) in
      guard request.body.count <= StateDoor.requestLimit else {
        throw Publication.Refused(status: 500, code: "ERR_PUBSUB_PUBLISH_MESSAGE", message: "stream too large")
      }
      return [try publication.single(request.body, contentType: request.head.header("content-type"), metadata)]
    } refused: { _, _ in
      .failure(500, "ERR_PUBSUB_PUBLISH_MESSAGE", "error when publishing to topic \(topic) in pubsub \(pubsub): \(Self.outage)")
    }
  }

  func bulkPublish(_ request: HTTPRequest, pubsub: String, topic: String) -> HTTPResponse {
    answered(request, pubsub, topic) { (publication, metadata) throws(Publication.Refused) in
      guard request.body.count <= StateDoor.requestLimit else {
        throw Publication.Refused(status: 400, code: "ERR_PUBSUB_EVENTS_SER", message: "stream too large")
      }
      return try publication.bulk(request.body, metadata)
    } refused: { count, indices in
      Self.failedEntries(in: request.body, count: count, indices: indices)
    }
  }

  private func answered(
    _ request: HTTPRequest, _ pubsub: String, _ topic: String,
    read: (inout Publication, PublishMetadata) throws(Publication.Refused) -> [Message],
    refused: (_ count: Int, _ indices: [Int]?) -> HTTPResponse
  ) -> HTTPResponse {
    guard let courier, let component = courier.component(pubsub) else {
      return .failure(404, "ERR_PUBSUB_NOT_FOUND", "pubsub \(pubsub) is not found")
    }
    let envelope = random.withLock { random in
      Envelope(pubsub: pubsub, topic: topic, source: appID, now: Clock.wall(), traceparent: request.head.header("traceparent"), &random)
    }
    do {
      // A part that may hold a message that is too large is written out so that it can be judged.
      var isWanted = courier.wants(topic, from: component) || request.body.count > component.messageLimit
      while true {
        var publication = Publication(envelope, isWanted: isWanted)
        let messages = try read(&publication, PublishMetadata(query: request.head.query))
        guard !faults.isBrokerDown else { return refused(messages.count, nil) }
        switch messages.isEmpty ? .taken : courier.publish(messages, to: topic, from: component, haveBodies: isWanted) {
        case .taken: return .noContent
        case .tooLarge(let indices): return refused(messages.count, indices)
        case .refused: return refused(messages.count, nil)
        case .bodiesWanted: isWanted = true
        }
      }
    } catch {
      return .failure(error.status, code: error.code, error.message)
    }
  }

  /// The answer if the broker does not accept the entries at some indices of a bulk, or any.
  private static func failedEntries(in body: [UInt8], count: Int, indices: [Int]?) -> HTTPResponse {
    let ids = try? JSONDocument.parse(body) { $0.elements.compactMap { $0["entryId"]?.string } }
    let failed = indices.map { large in large.compactMap { ids?.indices.contains($0) == true ? ids?[$0] : nil } }
    let answer = JSONWriter.object(capacity: 128 + count * 80) { writer in
      writer.objects("failedEntries", of: failed ?? ids ?? []) { writer, id in
        writer.member("entryId", id)
        writer.member("error", failed == nil ? outage : tooLarge)
      }
      writer.member("errorCode", "ERR_PUBSUB_PUBLISH_MESSAGE")
    }
    return .json(answer, status: 500)
  }
}
