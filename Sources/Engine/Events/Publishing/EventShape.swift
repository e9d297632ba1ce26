internal import Schemas

/// A declared event that the engine publishes for others.
struct EventShape<Content>: Sendable {
  /// What is declared of it.
  let declaration: EventDeclaration
  let type: StaticString
  /// The form of its data, without the members that all events have.
  let data: ObjectShape<Content>

  /// Declares an event.
  ///
  /// - Parameters:
  ///   - type: Its type.
  ///   - topic: The topic that it is published to.
  ///   - meaning: When it is published, in a phrase.
  ///   - data: The form of its data.
  init(_ type: StaticString, to topic: String, _ meaning: String, _ data: ObjectShape<Content>) {
    (self.type, self.data) = (type, data)
    let common = [
      ObjectSchema.Property("event_id", .eventID, "the same whenever the event is published again"),
      ObjectSchema.Property("event_type", .word([type.description]), "the event's type"),
      ObjectSchema.Property("timestamp", .moment, "when it happened"),
    ]
    declaration = EventDeclaration(
      type: type.description, topic: topic, meaning: meaning,
      data: ObjectSchema(data.schema.name, data.schema.meaning, isOpen: true, common + data.schema.properties))
  }
}

/// What is declared of an event that the engine publishes for others.
struct EventDeclaration: Sendable {
  let type: String
  let topic: String
  /// When it is published, in a phrase.
  let meaning: String
  /// Its data, as in the CloudEvent.
  let data: ObjectSchema
}
