internal import JSON
internal import MasteryCore

/// Parses an event by the rules of the Contract article, "Events in": missing, malformed or out-of-range fields are refused, unknown fields
/// ignored.
struct EventReader {
  /// Maximum bytes of an event.
  static let sizeLimit = 64 << 10
  /// The name of the whole event in messages.
  static let whole = "event"
  /// The name of the envelope's time in messages.
  static let envelopeTime = "the CloudEvent's time"
  /// The constraint on an event's size, in words.
  static let sizeConstraint = "must have at most \(sizeLimit) bytes"
  /// How far a timestamp may be ahead of the delivery's own time, in milliseconds.
  private static let aheadOfDelivery: Int64 = 5 * 60_000
  /// How far a timestamp may be ahead of the clock, in milliseconds.
  private static let aheadOfClock: Int64 = 24 * 3_600_000

  /// The current time.
  let now: Timestamp

  /// Parses an event object.
  ///
  /// - Throws: `EventRejection` with the fields that could be read.
  func event(from value: JSONValue, _ facts: DeliveryMetadata) throws(EventRejection) -> Event {
    do {
      return try understood(value, facts)
    } catch {
      throw rejection(of: value, facts, because: error)
    }
  }

  /// Validates an event object before it is delivered.
  ///
  /// - Throws: `JSONInvalid` naming the field that breaks the rules.
  func judge(_ value: JSONValue) throws(JSONInvalid) {
    _ = try understood(value, DeliveryMetadata())
  }

  private func understood(_ value: JSONValue, _ facts: DeliveryMetadata) throws(JSONInvalid) -> Event {
    guard value.kind == .object else { throw JSONInvalid(field: Self.whole, found: value, constraint: "must be an object") }
    let fields = TopFields(value)
    try checkAddress(of: fields)
    let id = try eventID(fields.id, facts)
    let timestamp = try timestamp(fields.timestamp, facts)
    let type = try eventType(fields.type)
    guard let student = fields.student?.identifier.flatMap(StudentID.init) else { throw Self.invalidID("student_id", fields.student) }
    try checkSize(of: value)
    let school = try identifier("school_id", in: fields.metadata, SchoolID.init)
    var leftOut: [EventLabel] = []
    let cohort = Self.label(.cohort, fields.metadata?["cohort_id"]?.single, &leftOut) { $0.identifier.flatMap(CohortID.init) }
    let source = Self.label(.source, fields.metadata?["source"]?.single, &leftOut) { $0.string.flatMap(SourceName.init) }
    let topic = Self.label(.topic, fields.topic ?? fields.metadata?["topic"]?.single, &leftOut) { $0.identifier.flatMap(TopicPath.init) }
    let observation = Observation(
      event: id, timestamp: timestamp, correction: try correction(fields.correction), source: source,
      topic: CourseTopic(course: try course(fields), topic: topic), cohort: cohort, contents: try contents(type.type, fields, value))
    return Event(
      key: StudentKey(school: school, student: student), observation: observation, kind: type.type, type: type.name,
      deliveredAt: facts.publishedAt(now: now), trace: facts.trace, leftOut: leftOut)
  }

  /// A label's value; an invalid label is left out.
  private static func label<Label>(
    _ label: EventLabel, _ value: JSONValue?, _ leftOut: inout [EventLabel], _ make: (JSONValue) -> Label?
  ) -> Label? {
    guard let value, !value.isNull else { return nil }
    let made = make(value)
    if made == nil { leftOut.append(label) }
    return made
  }

  /// The refusal of an invalid event, with the fields that can still be read.
  private func rejection(of value: JSONValue, _ facts: DeliveryMetadata, because invalid: JSONInvalid) -> EventRejection {
    let fields = TopFields(value)
    return EventRejection(
      message: invalid.description, reason: RejectionReason(of: invalid), rule: invalid.rule,
      eventID: (try? eventID(fields.id, facts))?.text ?? facts.envelopeID ?? facts.brokerID, type: fields.type?.string,
      owner: owner(of: value, fields), timestamp: try? timeInForce(fields.timestamp, facts),
      source: fields.metadata?["source"]?.single.string.flatMap(SourceName.init)?.text)
  }

  /// The owner of an invalid event; nil if unknown: an event with an invalid or misplaced school must not count as one without a school.
  private func owner(of value: JSONValue, _ fields: TopFields) -> StudentKey? {
    guard let student = fields.student?.identifier.flatMap(StudentID.init) else { return nil }
    guard fields.metadata.map({ $0.kind == .object }) ?? true, value["school_id"].map(\.isNull) ?? true else { return nil }
    do throws(JSONInvalid) {
      return StudentKey(school: try identifier("school_id", in: fields.metadata, SchoolID.init), student: student)
    } catch {
      return nil
    }
  }

  /// Refuses a correction or retraction that does not say by itself which event it is about: the delivery's id and time are its own.
  private func checkAddress(of fields: TopFields) throws(JSONInvalid) {
    guard fields.retracted?.boolean == true || fields.correction?.integer ?? 0 > 0 else { return }
    for (name, value) in [("event_id", fields.id), ("timestamp", fields.timestamp)] where value == nil {
      throw JSONInvalid(field: name, value: nil, constraint: "is required: it says which event is corrected or retracted")
    }
  }

  private func course(_ fields: TopFields) throws(JSONInvalid) -> CourseID? {
    guard let value = fields.course else { return try identifier("course_id", in: fields.metadata, CourseID.init) }
    guard let course = value.identifier.flatMap(CourseID.init) else { throw Self.invalidID("course_id", value) }
    return course
  }

  private func correction(_ value: JSONValue?) throws(JSONInvalid) -> Correction {
    guard let value else { return .none }
    guard let correction = value.integer.flatMap({ Correction(Int($0)) }) else {
      throw JSONInvalid(field: "correction", found: value, constraint: FieldType.integer(Correction.numbers).constraint)
    }
    return correction
  }

  private func eventID(_ value: JSONValue?, _ facts: DeliveryMetadata) throws(JSONInvalid) -> EventID {
    if let value {
      guard let id = value.identifier.flatMap(EventID.init) else {
        throw JSONInvalid(field: "event_id", found: value, constraint: FieldType.eventID.constraint)
      }
      return id
    }
    guard let id = facts.envelopeID.flatMap(EventID.init) ?? facts.brokerID.flatMap(EventID.init) else {
      throw JSONInvalid(field: "event_id", value: nil, constraint: "is required: neither the event nor its delivery has an id")
    }
    return id
  }

  private func timestamp(_ value: JSONValue?, _ facts: DeliveryMetadata) throws(JSONInvalid) -> Timestamp {
    let timestamp = try timeInForce(value, facts)
    guard timestamp <= (facts.time ?? now).adding(milliseconds: Self.aheadOfDelivery),
      timestamp <= now.adding(milliseconds: Self.aheadOfClock)
    else {
      throw JSONInvalid(field: "timestamp", value: timestamp.iso8601, constraint: "must not be in the future")
    }
    return timestamp
  }

  /// The event's own time, or else its delivery's.
  private func timeInForce(_ value: JSONValue?, _ facts: DeliveryMetadata) throws(JSONInvalid) -> Timestamp {
    if let value {
      guard let time = EventTime.read(value) else {
        throw JSONInvalid(field: "timestamp", found: value, constraint: EventTime.constraint)
      }
      return time
    }
    if let unreadable = facts.unreadableTime {
      throw JSONInvalid(field: Self.envelopeTime, value: unreadable, constraint: EventTime.constraint)
    }
    guard let time = facts.time else {
      throw JSONInvalid(field: "timestamp", value: nil, constraint: "is required: neither the event nor its delivery has a time")
    }
    return time
  }

  private func eventType(_ value: JSONValue?) throws(JSONInvalid) -> EventType.Named {
    guard let type = value?.text.flatMap({ EventType.named($0) }) else {
      throw JSONInvalid(
        field: "event_type", found: value, constraint: "\(value == nil ? "is required" : "is unknown"); known are \(EventType.known)")
    }
    return type
  }

  private func checkSize(of value: JSONValue) throws(JSONInvalid) {
    guard value.lengthBound > Self.sizeLimit else { return }
    var writer = JSONWriter()
    writer.copy(value)
    guard writer.count > Self.sizeLimit else { return }
    throw JSONInvalid(field: Self.whole, value: "\(writer.count) bytes", constraint: Self.sizeConstraint)
  }

  private func identifier<ID>(
    _ name: StaticString, in metadata: JSONValue?, _ make: (String) -> ID?
  ) throws(JSONInvalid) -> ID? {
    guard let value = metadata?[name]?.single, !value.isNull else { return nil }
    guard let id = value.identifier.flatMap(make) else { throw Self.invalidID("metadata.\(name)", value) }
    return id
  }

  private static func invalidID(_ field: String, _ value: JSONValue?) -> JSONInvalid {
    JSONInvalid(
      field: field, found: value, constraint: value == nil ? "is required" : FieldType.identifier.constraint)
  }

  /// The evidence in the event; empty for a request without evidence.
  private func contents(
    _ type: EventType, _ fields: TopFields, _ value: JSONValue
  ) throws(JSONInvalid) -> ComponentValues<EvidenceContent> {
    if let retracted = fields.retracted {
      guard let isRetracted = retracted.boolean else {
        throw JSONInvalid(field: "retracted", found: retracted, constraint: FieldType.boolean.constraint)
      }
      if isRetracted { return try retractions(type, fields) }
    }
    let data = fields.data
    if let data, data.kind != .object { throw JSONInvalid(field: "data", found: data, constraint: "must be an object") }
    let evidence = EvidenceFields(object: data, fallback: value, path: data == nil ? "" : "data.", mayBeUnions: true)
    if let component = type.component { return ComponentValues(component, try evidence.content(of: component)) }
    if let components = data?["components"]?.record ?? fields.components, !components.isNull {
      return try GivenComponents.read(components, path: "components.")
    }
    guard let named = data?["component"]?.word ?? fields.component, !named.isNull else { return ComponentValues() }
    let component = try Self.component(named)
    return ComponentValues(component, try evidence.content(of: component))
  }

  /// What an event takes back: the component of its type, or those that it names as it named them when it was first sent.
  private func retractions(_ type: EventType, _ fields: TopFields) throws(JSONInvalid) -> ComponentValues<EvidenceContent> {
    if let component = type.component { return ComponentValues(component, .retracted) }
    let data = fields.data?.kind == .object ? fields.data : nil
    if let components = data?["components"]?.record ?? fields.components, !components.isNull {
      let named = try GivenComponents.names(in: components, path: "components.")
      if !named.isEmpty { return ComponentValues { named.contains($0) ? .retracted : nil } }
    } else if let named = data?["component"]?.word ?? fields.component, !named.isNull {
      return ComponentValues(try Self.component(named), .retracted)
    }
    throw JSONInvalid(field: "component", value: nil, constraint: "is required where retracted is true")
  }

  private static func component(_ named: JSONValue) throws(JSONInvalid) -> Component {
    guard let component = named.string.flatMap(Component.init) else {
      throw JSONInvalid(
        field: "component", found: named, constraint: "must be one of \(Component.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return component
  }
}

/// The fields at an event's top level, found in one pass; null counts as missing, and no value is in the object of an Avro union.
private struct TopFields {
  var id, type, timestamp, student, course, topic, component, components, correction, retracted, data, metadata: JSONValue?

  init(_ value: JSONValue) {
    for (name, member) in value.members where !member.isNull {
      switch name {
      case "event_id": id = id ?? member.single
      case "event_type": type = type ?? member.word
      case "timestamp": timestamp = timestamp ?? member.single
      case "student_id": student = student ?? member.single
      case "course_id": course = course ?? member.single
      case "topic": topic = topic ?? member.single
      case "correction": correction = correction ?? member.single
      case "retracted": retracted = retracted ?? member.single
      case "component": component = component ?? member.word
      case "components": components = components ?? member.record
      case "data": data = data ?? member.record
      case "metadata": metadata = metadata ?? member.record
      default: break
      }
    }
  }
}

extension ComponentValues {
  /// Creates values with only one component.
  fileprivate init(_ component: Component, _ value: Value) {
    self.init()
    self[component] = value
  }
}
