internal import JSON
internal import MasteryCore

/// Reads an event by the rules of the contract's section 4: what is missing, malformed or out of range is refused, unknown fields
/// are ignored.
struct EventReader {
  /// Most bytes that an event may have.
  static let sizeLimit = 64 << 10
  /// How far a timestamp may be ahead of the delivery's own time, in milliseconds.
  private static let aheadOfDelivery: Int64 = 5 * 60_000
  /// How far a timestamp may be ahead of the clock, in milliseconds.
  private static let aheadOfClock: Int64 = 24 * 3_600_000

  /// The clock.
  let now: Timestamp

  /// Reads an event object.
  ///
  /// - Throws: `Refusal` with what of the event could be read.
  func event(from value: JSONValue, _ facts: DeliveryFacts) throws(Refusal) -> Event {
    do {
      return try understood(value, facts)
    } catch {
      throw refusal(of: value, facts, because: error.description)
    }
  }

  /// Reads an event object that no delivery has brought yet.
  ///
  /// - Throws: `JSONInvalid` naming the field that breaks the rules.
  func judge(_ value: JSONValue) throws(JSONInvalid) {
    _ = try understood(value, DeliveryFacts())
  }

  private func understood(_ value: JSONValue, _ facts: DeliveryFacts) throws(JSONInvalid) -> Event {
    guard value.kind == .object else { throw JSONInvalid(field: "event", found: value, constraint: "must be an object") }
    let fields = TopFields(value)
    let id = try eventID(fields.id, facts)
    let timestamp = try timestamp(fields.timestamp, facts)
    let type = try eventType(fields.type)
    guard let student = fields.student?.string.flatMap(StudentID.init) else { throw Self.invalidID("student_id", fields.student) }
    try checkSize(of: value)
    let school = try identifier("school_id", in: fields.metadata, SchoolID.init)
    let cohort = try identifier("cohort_id", in: fields.metadata, CohortID.init)
    let source = try source(in: fields.metadata)
    let observation = Observation(
      event: id, timestamp: timestamp, source: source, cohort: cohort, scores: try scores(type.type, fields, value))
    return Event(
      key: StudentKey(school: school, student: student), observation: observation, type: type.name, deliveredAt: facts.time,
      trace: facts.trace)
  }

  /// What of an event that breaks the rules can be read all the same.
  private func refusal(of value: JSONValue, _ facts: DeliveryFacts, because message: String) -> Refusal {
    let fields = TopFields(value)
    return Refusal(
      message: message, eventID: (try? eventID(fields.id, facts))?.text ?? facts.envelopeID ?? facts.brokerID, type: fields.type?.string,
      owner: owner(of: value, fields), timestamp: try? timeInForce(fields.timestamp, facts))
  }

  /// Whose an event is that breaks the rules; nil where nobody knows: what names its school wrongly, or elsewhere, must not count as what
  /// has none.
  private func owner(of value: JSONValue, _ fields: TopFields) -> StudentKey? {
    guard let student = fields.student?.string.flatMap(StudentID.init) else { return nil }
    guard fields.metadata.map({ $0.kind == .object }) ?? true, value["school_id"].map(\.isNull) ?? true else { return nil }
    do throws(JSONInvalid) {
      return StudentKey(school: try identifier("school_id", in: fields.metadata, SchoolID.init), student: student)
    } catch {
      return nil
    }
  }

  private func eventID(_ value: JSONValue?, _ facts: DeliveryFacts) throws(JSONInvalid) -> EventID {
    if let value {
      guard let id = value.string.flatMap(EventID.init) else {
        throw JSONInvalid(field: "event_id", found: value, constraint: "must be 1 to 128 visible ASCII characters")
      }
      return id
    }
    guard let id = facts.envelopeID.flatMap(EventID.init) ?? facts.brokerID.flatMap(EventID.init) else {
      throw JSONInvalid(field: "event_id", value: nil, constraint: "is required: neither the event nor its delivery has an id")
    }
    return id
  }

  private func timestamp(_ value: JSONValue?, _ facts: DeliveryFacts) throws(JSONInvalid) -> Timestamp {
    let timestamp = try timeInForce(value, facts)
    guard timestamp <= (facts.time ?? now).adding(milliseconds: Self.aheadOfDelivery),
      timestamp <= now.adding(milliseconds: Self.aheadOfClock)
    else {
      throw JSONInvalid(field: "timestamp", value: timestamp.iso8601, constraint: "must not be in the future")
    }
    return timestamp
  }

  /// The event's own time, else its delivery's.
  private func timeInForce(_ value: JSONValue?, _ facts: DeliveryFacts) throws(JSONInvalid) -> Timestamp {
    let read = value.flatMap { value in
      value.text.map { Timestamp(iso8601: $0.bytes) } ?? value.integer.flatMap { Timestamp(exactly: $0) }
    }
    if value != nil, read == nil {
      throw JSONInvalid(field: "timestamp", found: value, constraint: "must be an ISO 8601 time with zone or milliseconds since 1970")
    }
    guard let timestamp = read ?? facts.time else {
      throw JSONInvalid(field: "timestamp", value: nil, constraint: "is required: neither the event nor its delivery has a time")
    }
    return timestamp
  }

  private func eventType(_ value: JSONValue?) throws(JSONInvalid) -> EventType.Named {
    guard let type = value?.text.flatMap({ EventType.named($0) }) else {
      throw JSONInvalid(field: "event_type", found: value, constraint: value == nil ? "is required" : "is unknown")
    }
    return type
  }

  private func checkSize(of value: JSONValue) throws(JSONInvalid) {
    guard value.lengthBound > Self.sizeLimit else { return }
    var writer = JSONWriter()
    writer.copy(value)
    guard writer.count > Self.sizeLimit else { return }
    throw JSONInvalid(field: "event", value: "\(writer.count) bytes", constraint: "must have at most \(Self.sizeLimit) bytes")
  }

  private func identifier<ID>(
    _ name: StaticString, in metadata: JSONValue?, _ make: (String) -> ID?
  ) throws(JSONInvalid) -> ID? {
    guard let value = metadata?[name], !value.isNull else { return nil }
    guard let id = value.string.flatMap(make) else { throw Self.invalidID("metadata.\(name)", value) }
    return id
  }

  private func source(in metadata: JSONValue?) throws(JSONInvalid) -> SourceName? {
    guard let value = metadata?["source"], !value.isNull else { return nil }
    guard let source = value.string.flatMap(SourceName.init) else {
      throw JSONInvalid(field: "metadata.source", found: value, constraint: "must be at most 128 characters without control characters")
    }
    return source
  }

  private static func invalidID(_ field: String, _ value: JSONValue?) -> JSONInvalid {
    JSONInvalid(
      field: field, found: value, constraint: value == nil ? "is required" : "must be 1 to 50 letters, digits, - or _")
  }

  /// What the event is evidence of; nothing for a request that brings none.
  private func scores(_ type: EventType, _ fields: TopFields, _ value: JSONValue) throws(JSONInvalid) -> ComponentValues<Score> {
    let data = fields.data
    if let data, data.kind != .object { throw JSONInvalid(field: "data", found: data, constraint: "must be an object") }
    let evidence = EvidenceFields(object: data, fallback: value, path: data == nil ? "" : "data.")
    if let component = type.component { return ComponentValues(component, try evidence.score(of: component)) }
    if let components = data?["components"] ?? fields.components, !components.isNull {
      return try ComponentScores.read(components, path: "components.")
    }
    guard let named = data?["component"] ?? fields.component, !named.isNull else { return ComponentValues() }
    guard let component = named.string.flatMap(Component.init) else {
      throw JSONInvalid(field: "component", found: named, constraint: "is no component")
    }
    return ComponentValues(component, try evidence.score(of: component))
  }
}

/// The fields that stand at an event's top level, found in one pass; null is missing.
private struct TopFields {
  var id, type, timestamp, student, component, components, data, metadata: JSONValue?

  init(_ value: JSONValue) {
    for (name, member) in value.members where !member.isNull {
      switch name {
      case "event_id": id = id ?? member
      case "event_type": type = type ?? member
      case "timestamp": timestamp = timestamp ?? member
      case "student_id": student = student ?? member
      case "component": component = component ?? member
      case "components": components = components ?? member
      case "data": data = data ?? member
      case "metadata": metadata = metadata ?? member
      default: break
      }
    }
  }
}

extension ComponentValues {
  /// One component's value alone.
  fileprivate init(_ component: Component, _ value: Value) {
    self.init()
    self[component] = value
  }
}
