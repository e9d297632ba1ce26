internal import MasteryCore
internal import Schemas

/// The Avro schema of an event that comes in or goes out, for a schema registry.
///
/// It is made of the declaration that reads or writes the event. One that goes out stands in its CloudEvent, as it does in JSON; one that
/// comes in stands bare.
public struct EventSchema: Sendable {
  /// The namespace of all records.
  static let namespace = "mastery"

  /// The event's type.
  public let type: String
  /// The topic that the event goes to, or is taken for granted to come over if its producer chooses no other one of `EVENT_TOPICS`.
  public let topic: String
  /// Whether the event comes in.
  public let isIncoming: Bool
  /// The name of the schema's record.
  public let name: String
  /// The schema as JSON text.
  public let json: [UInt8]

  /// A declaration that has no form in Avro.
  public struct Inexpressible: Error, Hashable, Sendable {
    /// Which one, and why, in words.
    public let message: String
  }

  /// The name under which a registry keeps the schema of the topic's messages.
  public var subject: String { Self.subject(of: topic) }

  /// The name under which a registry keeps the schema of a topic's messages.
  static func subject(of topic: String) -> String { "\(topic)-value" }

  /// The schemas of all events, those that come in first.
  ///
  /// - Parameter configuration: The service's settings.
  /// - Returns: The schemas.
  /// - Throws: `Inexpressible` if a declaration has no form in Avro.
  public static func all(_ configuration: Configuration) throws(Inexpressible) -> [Self] {
    try incoming(configuration) + published(PublishedEvents.all)
  }

  private static func incoming(_ configuration: Configuration) throws(Inexpressible) -> [Self] {
    var all: [Self] = []
    for type in EventType.allCases {
      let topic = type.topic(among: configuration.eventTopics) ?? type.usualTopic
      all.append(try Self(type: type.rawValue, topic: topic, isIncoming: true, EventFields.event(of: type).withoutAssumedNumbers))
    }
    return all
  }

  /// The schemas of events that go out.
  static func published(_ events: [EventDeclaration]) throws(Inexpressible) -> [Self] {
    var all: [Self] = []
    for event in events {
      let declared = AsyncAPI.cloudEvent(of: event.data, type: event.type)
      all.append(try Self(type: event.type, topic: event.topic, isIncoming: false, declared))
    }
    return all
  }

  private init(type: String, topic: String, isIncoming: Bool, _ declared: ObjectSchema) throws(Inexpressible) {
    do throws(AvroSchema.NoForm) {
      let schema = try AvroSchema(declared, namespace: Self.namespace)
      (name, json) = (schema.name, schema.json)
    } catch {
      throw Inexpressible(message: "\(error.path): \(error.reason)")
    }
    (self.type, self.topic, self.isIncoming) = (type, topic, isIncoming)
  }
}

extension ObjectSchema {
  /// The same with null in place of each number that may not be missing.
  ///
  /// A writer fills in the default of what it was not given, and a zero would be taken for evidence: ten questions, none of them answered
  /// right. Null is refused like a member that is missing.
  fileprivate var withoutAssumedNumbers: Self {
    var object = Self(
      name, meaning, isOpen: isOpen,
      properties.map { property in
        var property = Property(
          property.name, property.schema.withoutAssumedNumbers, property.meaning, isRequired: property.isRequired)
        switch property.schema {
        case .integer, .number: property.isRequired = false
        default: break
        }
        return property
      })
    object.oneOf = oneOf
    return object
  }
}

extension Schema {
  fileprivate var withoutAssumedNumbers: Self {
    switch self {
    case .object(let object): .object(object.withoutAssumedNumbers)
    case .either(let kinds): .either(kinds.map(\.withoutAssumedNumbers))
    case .list(let element, let count): .list(element.withoutAssumedNumbers, count: count)
    case .map(let value): .map(value.withoutAssumedNumbers)
    default: self
    }
  }
}
