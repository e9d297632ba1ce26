internal import JSON
internal import MasteryCore
internal import Schemas

/// The description of all topics and their messages as AsyncAPI 3.0, made of the declarations that read the events and write them.
struct AsyncAPI {
  private static let references = "#/components/schemas/"
  private static let style = SchemaStyle(references: references)

  /// A message of a topic.
  struct Message {
    let name: String
    let meaning: String
    let payload: Schema
    var example: [UInt8]?
  }

  /// A topic, whether events come over it or go.
  struct Channel {
    let topic: KafkaTopic
    let isIncoming: Bool
    let meaning: String
    let messages: [Message]
  }

  /// The topics that others use, events in first.
  let channels: [Channel]

  /// Describes the topics of a service.
  ///
  /// - Parameters:
  ///   - configuration: The service's settings.
  ///   - published: The events that go out.
  ///   - examples: By the event's type: the JSON text of an event that went out.
  init(_ configuration: Configuration, published: [EventDeclaration], examples: [String: [UInt8]]) {
    let topics = Dictionary(uniqueKeysWithValues: KafkaTopic.all(configuration).map { ($0.name, $0) })
    func form(of topic: KafkaTopic) -> String {
      configuration.avroTopics.contains(topic.name)
        ? " Its messages are in Avro, by the schema of the subject \(EventSchema.subject(of: topic.name))." : ""
    }
    let incoming = EventType.allCases.map { type in
      let event = EventFields.event(of: type)
      return Message(
        name: event.name ?? type.rawValue, meaning: type.meaning, payload: .either([.object(event), .object(Self.cloudEvent(of: event))]))
    }
    let into = configuration.eventTopics.compactMap { topics[$0] }.map { topic in
      Channel(
        topic: topic, isIncoming: true,
        meaning:
          "Events of students, of any type. An event counts once, however often it comes; what breaks a rule goes to \(Topic.deadLetters)."
          + form(of: topic),
        messages: incoming)
    }
    var out: [Channel] = []
    for name in published.map(\.topic) where !out.contains(where: { $0.topic.name == name }) {
      guard let topic = topics[name] else { continue }
      let events = published.filter { $0.topic == name }
      let messages = events.map { event in
        Message(
          name: event.data.name ?? event.type, meaning: event.meaning, payload: .object(Self.cloudEvent(of: event.data, type: event.type)),
          example: examples[event.type])
      }
      out.append(
        Channel(
          topic: topic, isIncoming: false,
          meaning:
            "Each event is published at least once, with the same id whenever it is published again. Those of a student come in order."
            + form(of: topic),
          messages: messages))
    }
    channels = into + out
  }

  /// A CloudEvent with that data (CloudEvents 1.0, JSON format).
  static func cloudEvent(of data: ObjectSchema, type: String? = nil) -> ObjectSchema {
    let text = Schema.text(TextForm())
    return ObjectSchema(
      data.name.map { "\($0)CloudEvent" }, "the event in a CloudEvent", isOpen: true,
      [
        .init("specversion", .word(["1.0"]), "the version of CloudEvents"),
        .init("id", .eventID, "the event's id"),
        .init("source", type == nil ? text : .word([CloudEvent.source.description]), "who sends it"),
        .init("type", type.map { .word([$0]) } ?? text, "the event's type"),
        .init("time", .moment, "when it happened", isRequired: type != nil),
        .init("traceparent", text, "the W3C trace that it belongs to", isRequired: false),
        .init("traceid", text, "the same trace, under the name that sidecars look for", isRequired: false),
        .init("tracestate", text, "the state of that trace", isRequired: false),
        .init("baggage", text, "what else goes along with that trace", isRequired: false),
        .init("data", .object(data), data.meaning),
      ])
  }

  /// The document.
  var document: [UInt8] {
    JSONWriter.object(capacity: 1 << 17) { json in
      json.member("asyncapi", "3.0.0" as StaticString)
      json.info(description: Self.introduction)
      json.member("defaultContentType", "application/cloudevents+json" as StaticString)
      json.object("channels") { json in for channel in channels { json.member(named: channel.name) { write(channel, to: &$0) } } }
      json.object("operations") { json in
        for channel in channels {
          json.member(named: "\(channel.isIncoming ? "receive" : "send").\(channel.name)") { write(operationOf: channel, to: &$0) }
        }
      }
      json.object("components") { writeComponents(to: &$0) }
    }
  }

  private static let introduction = """
    All topics are those of one broker, behind Dapr's pub/sub; a message's key is the student's id. Events may come in a CloudEvent or bare, in \
    any order and more than once: the id and the timestamp tell which are the same. Answers to events are results: what a student's stored \
    document says. Of several results of a student the one with the highest (epoch, revision) counts. Messages may gain fields; readers pass \
    over those they do not know.
    """

  private func write(_ channel: Channel, to json: inout JSONWriter) {
    json.object { json in
      json.member("address", channel.topic.name)
      json.member("description", channel.meaning)
      json.object("messages") { json in
        for message in channel.messages { json.reference(named: message.name, to: "#/components/messages/\(message.name)") }
      }
      json.object("bindings") { json in
        json.object("kafka") { json in
          json.member("topic", channel.topic.name)
          json.member("partitions", channel.topic.partitions)
          json.member("replicas", channel.topic.replicas)
          json.object("topicConfiguration") { json in
            json.array("cleanup.policy", of: ["delete"])
            json.member("retention.ms", channel.topic.retention)
            json.member("max.message.bytes", channel.topic.mostBytes)
          }
        }
      }
    }
  }

  private func write(operationOf channel: Channel, to json: inout JSONWriter) {
    json.object { json in
      json.member("action", channel.isIncoming ? "receive" as StaticString : "send")
      json.object("channel") { $0.member("$ref", "#/channels/\(channel.name)") }
      json.member("summary", channel.isIncoming ? "Takes events in." as StaticString : "Tells others.")
      json.objects("messages", of: channel.messages) { $0.member("$ref", "#/channels/\(channel.name)/messages/\($1.name)") }
    }
  }

  private func writeComponents(to json: inout JSONWriter) {
    var messages: [Message] = []
    for message in channels.flatMap(\.messages) where !messages.contains(where: { $0.name == message.name }) { messages.append(message) }
    json.schemas(of: messages.flatMap(\.payload.namedObjects), Self.style)
    json.object("messages") { json in
      for message in messages {
        json.object(named: message.name) { json in
          json.member("name", message.name)
          json.member("summary", message.meaning)
          json.member("payload") { message.payload.write(to: &$0, Self.style) }
          json.object("bindings") { json in
            json.object("kafka") { json in
              json.object("key") { json in
                json.member("type", "string" as StaticString)
                json.member("description", "the student's id" as StaticString)
              }
            }
          }
          if let example = message.example { json.array("examples") { $0.object { $0.member("payload", raw: example) } } }
        }
      }
    }
  }
}

extension AsyncAPI.Channel {
  /// The name under which the document lists it.
  var name: String { topic.name.replacing(".", with: "_") }
}
