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

  /// Answers a call, having asked for the schema that its message is to be written with, if it names Avro.
  func publish(_ request: HTTPRequest, pubsub: String, topic: String) async -> HTTPResponse {
    let encoding = await encoding(request, pubsub, topic)
    return answered(request, pubsub, topic, encoding) { (publication, metadata) throws(Publication.Refused) in
      guard request.body.count <= StateDoor.requestLimit else {
        throw Publication.Refused(status: 500, code: "ERR_PUBSUB_PUBLISH_MESSAGE", message: "stream too large")
      }
      return [try publication.single(request.body, contentType: request.head.header("content-type"), metadata)]
    } refused: { _, _, why in
      .failure(500, "ERR_PUBSUB_PUBLISH_MESSAGE", "error when publishing to topic \(topic) in pubsub \(pubsub): \(why)")
    }
  }

  /// Answers a call, having asked for the schema that its messages are to be written with, if it names Avro.
  func bulkPublish(_ request: HTTPRequest, pubsub: String, topic: String) async -> HTTPResponse {
    bulkPublish(request, pubsub: pubsub, topic: topic, await encoding(request, pubsub, topic))
  }

  /// Answers a call whose messages are to be written in some way.
  func bulkPublish(_ request: HTTPRequest, pubsub: String, topic: String, _ encoding: PublishEncoding) -> HTTPResponse {
    answered(request, pubsub, topic, encoding) { (publication, metadata) throws(Publication.Refused) in
      guard request.body.count <= StateDoor.requestLimit else {
        throw Publication.Refused(status: 400, code: "ERR_PUBSUB_EVENTS_SER", message: "stream too large")
      }
      return try publication.bulk(request.body, metadata)
    } refused: { count, indices, why in
      Self.failedEntries(in: request.body, count: count, indices: indices, why)
    }
  }

  /// How the broker's component writes the messages of a call.
  private func encoding(_ request: HTTPRequest, _ pubsub: String, _ topic: String) async -> PublishEncoding {
    guard let courier, let component = courier.component(pubsub), component.profile == .kafka else { return .none }
    switch PublishMetadata(query: request.head.query).schemaType {
    case .none: return .none
    case .unknown(let type): return .refused("error parsing schema type. '\(type)' is not a supported value")
    case .avro:
      guard let wire = courier.wires[pubsub] else { return .none }
      do {
        return .avro(wire, try await wire.latest(for: topic))
      } catch {
        return .refused(error.description)
      }
    }
  }

  private func answered(
    _ request: HTTPRequest, _ pubsub: String, _ topic: String, _ encoding: PublishEncoding,
    read: (inout Publication, PublishMetadata) throws(Publication.Refused) -> [Message],
    refused: (_ count: Int, _ indices: [Int]?, _ why: String) -> HTTPResponse
  ) -> HTTPResponse {
    guard let courier, let component = courier.component(pubsub) else {
      return .failure(404, "ERR_PUBSUB_NOT_FOUND", "pubsub \(pubsub) is not found")
    }
    let envelope = random.withLock { random in
      Envelope(pubsub: pubsub, topic: topic, source: appID, now: Clock.wall(), traceparent: request.head.header("traceparent"), &random)
    }
    do {
      // A part that may hold a message that is too large is written out so that it can be judged.
      var isWanted = courier.wants(topic, from: component) || request.body.count > component.messageLimit || encoding.needsBodies
      while true {
        var publication = Publication(envelope, isWanted: isWanted)
        var messages = try read(&publication, PublishMetadata(query: request.head.query))
        do {
          for index in messages.indices { try encoding.write(&messages[index]) }
        } catch {
          return refused(messages.count, nil, error.description)
        }
        guard !faults.isBrokerDown else { return refused(messages.count, nil, Self.outage) }
        switch messages.isEmpty ? .taken : courier.publish(messages, to: topic, from: component, haveBodies: isWanted) {
        case .taken: return .noContent
        case .tooLarge(let indices): return refused(messages.count, indices, Self.tooLarge)
        case .refused: return refused(messages.count, nil, Self.outage)
        case .bodiesWanted: isWanted = true
        }
      }
    } catch {
      return .failure(error.status, code: error.code, error.message)
    }
  }

  /// The answer if the broker does not accept the entries at some indices of a bulk, or any.
  private static func failedEntries(in body: [UInt8], count: Int, indices: [Int]?, _ why: String) -> HTTPResponse {
    let ids = try? JSONDocument.parse(body) { $0.elements.compactMap { $0["entryId"]?.string } }
    let failed = indices.map { large in large.compactMap { ids?.indices.contains($0) == true ? ids?[$0] : nil } }
    let answer = JSONWriter.object(capacity: 128 + count * 80) { writer in
      writer.objects("failedEntries", of: failed ?? ids ?? []) { writer, id in
        writer.member("entryId", id)
        writer.member("error", why)
      }
      writer.member("errorCode", "ERR_PUBSUB_PUBLISH_MESSAGE")
    }
    return .json(answer, status: 500)
  }
}
