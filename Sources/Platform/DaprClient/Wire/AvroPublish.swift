internal import JSON

/// What a publish in Avro asks of the sidecar, as recorded from Dapr 1.18.
enum AvroPublish {
  /// What stands in the query; in the metadata of a bulk's entries it would do nothing, and JSON would go out under a header that says Avro.
  static let query = "metadata.rawPayload=true&metadata.valueSchemaType=Avro"

  /// How many events in a row are tried singly before the schema counts as the cause, and not the events.
  static let mostInVain = 16

  /// Whether the sidecar could not encode this one event by the topic's schema; otherwise no event would be taken.
  static func isMisfit(_ failure: SidecarFailure) -> Bool {
    if case .failed(_, _, let message) = failure { message.contains("cannot decode textual") } else { false }
  }
}

extension OutgoingEvent {
  /// The event as the sidecar encodes it in Avro: as JSON, whatever its type, and without halves of surrogate pairs, which it refuses.
  var forAvro: Self {
    OutgoingEvent(body: JSONDocument.mended(body), contentType: "application/json", partitionKey: partitionKey)
  }
}
