internal import MasteryCore
internal import Schemas

/// What the objects within an event may hold, for whoever writes events.
enum EventFields {
  /// What `data` holds, the evidence of the event's type.
  ///
  /// Fields that nobody reads are passed over.
  static let data = ObjectSchema(
    nil, "the evidence, by the event's type", isOpen: true,
    Component.allCases.flatMap { component in
      EvidenceFields.schema(of: component).properties.map { property in
        ObjectSchema.Property(property.name, property.schema, "\(component.rawValue): \(property.meaning)", isRequired: false)
      }
    })

  /// An event of a type, as a message of its own or as the data of a CloudEvent.
  ///
  /// Fields that nobody reads are passed over.
  static func event(of type: EventType) -> ObjectSchema {
    var data = Schema.object(data)
    if let component = type.component {
      let evidence = EvidenceFields.schema(of: component)
      data = .object(ObjectSchema("\(evidence.name ?? "")Data", evidence.meaning, isOpen: true, evidence.properties))
    }
    var fields: [ObjectSchema.Property] = [
      .init("event_id", FieldType.eventID.schema.orNull, "the event's own id; that of the CloudEvent when missing", isRequired: false),
      .init("event_type", .word(EventType.names(of: type)), "what happened"),
      .init("timestamp", FieldType.timestamp.schema.orNull, "when it happened; the CloudEvent's time when missing", isRequired: false),
      .init("student_id", FieldType.identifier.schema, "whom the event is about"),
      .init("course_id", FieldType.identifier.schema.orNull, "the course that it is about", isRequired: false),
      .init("topic", FieldType.topic.schema.orNull, "the topic of the course", isRequired: false),
      .init(
        "correction", FieldType.integer(Correction.numbers).schema.orNull,
        "how often the event was corrected: of several accounts the highest counts; 0 when missing", isRequired: false),
      .init("retracted", Schema.boolean.orNull, "whether the event takes back what it said; then data may be missing", isRequired: false),
      .init("data", data.orNull, "the evidence; its fields may also stand beside event_type", isRequired: false),
      .init("metadata", Schema.object(metadata).orNull, "what else is known of the event", isRequired: false),
    ]
    if type.component == nil {
      fields.append(.init("components", GivenComponents.schema.orNull, "evidence of several components", isRequired: false))
      fields.append(
        .init(
          "component", Schema.word(Component.allCases.map(\.rawValue)).orNull, "which component data is evidence of", isRequired: false))
    }
    return ObjectSchema(
      type.rawValue.split(separator: ".").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(), type.meaning, isOpen: true, fields)
  }

  /// What `metadata` holds.
  ///
  /// Fields that nobody reads are passed over.
  static let metadata = ObjectSchema(
    nil, "what else is known of the event", isOpen: true,
    [
      .init("school_id", FieldType.identifier.schema.orNull, "the student's school; over HTTP the caller's", isRequired: false),
      .init("cohort_id", FieldType.identifier.schema.orNull, "the student's cohort from now on", isRequired: false),
      .init("course_id", FieldType.identifier.schema.orNull, "the course, where the event itself names none", isRequired: false),
      .init("topic", FieldType.topic.schema.orNull, "the topic, where the event itself names none", isRequired: false),
      .init("source", Schema.text(TextForm(length: 0...128)).orNull, "the system that sends the event", isRequired: false),
    ])
}
