internal import Encodings
internal import JSON
internal import MasteryCore

/// What the sidecar brought in one call: one event, or many.
struct Delivery: Sendable {
  /// One event of a delivery.
  struct Entry: Sendable {
    /// The name that its status is answered under; empty for a single event.
    let id: String
    /// What it says, or why it can never be taken in.
    let content: Result<Event, Refusal>
    /// What was sent, where it may be needed again: for the refused.
    var original: Original?
  }

  /// Most entries of one delivery that are read: many more than are ever asked for.
  ///
  /// Those behind get no status, so they come again. Each that is refused becomes a dead letter of 2 kB on its way out.
  static let entryLimit = 16_384

  /// Whether statuses are answered by entry.
  let isBulk: Bool
  /// The events in order.
  let entries: [Entry]
  /// How many entries behind those had no room.
  var leftOut = 0
}

/// Takes events out of whatever body the sidecar delivers.
///
/// An event may stand inside a CloudEvent, bare, as a JSON string or as base64, singly or in bulk: all are the same event.
struct DeliveryReader {
  private let reader: EventReader
  /// Whether originals are kept for all events, not just the refused.
  private let keepsOriginals: Bool
  /// Envelopes, strings and base64 inside each other beyond this depth are no event.
  private static let depthLimit = 6

  /// A reader at a moment.
  init(now: Timestamp, keepsOriginals: Bool = false) {
    reader = EventReader(now: now)
    self.keepsOriginals = keepsOriginals
  }

  /// Reads a delivery: its body, and what the request's headers say of a single event.
  ///
  /// One that was taken apart while it came in was read then, and has the originals of all its events.
  func delivery(_ body: DeliveryBody, _ facts: DeliveryMetadata) -> Delivery {
    switch body {
    case .whole(let bytes): delivery(bytes, facts)
    case .split(let delivery): delivery
    }
  }

  /// Reads a delivery: its body as it came, and what the request's headers say of a single event.
  func delivery(_ body: [UInt8], _ facts: DeliveryMetadata) -> Delivery {
    do {
      return try body.withUnsafeBufferPointer { (bytes) throws(JSONFailure<Never>) in
        try JSONDocument.parseTolerantly(UnsafeRawBufferPointer(bytes)) { (root) throws(Never) in delivery(root, facts) }
      }
    } catch {
      return unparsed(body, facts)
    }
  }

  private func delivery(_ root: JSONValue, _ facts: DeliveryMetadata) -> Delivery {
    guard let entries = Self.bulkEntries(root) else { return Delivery(isBulk: false, entries: [entry("", root, facts)]) }
    var (read, leftOut): ([Delivery.Entry], Int) = ([], 0)
    for element in entries.elements {
      if read.count < Delivery.entryLimit { read.append(bulkEntry(element)) } else { leftOut += 1 }
    }
    return Delivery(isBulk: true, entries: read, leftOut: leftOut)
  }

  private static func bulkEntries(_ root: JSONValue) -> JSONValue? {
    guard let entries = root["entries"], entries.kind == .array, root["event_type"] == nil, root["specversion"] == nil else { return nil }
    return entries
  }

  func bulkEntry(_ value: JSONValue) -> Delivery.Entry {
    var facts = DeliveryMetadata()
    if let metadata = value["metadata"] { facts.read(metadata: metadata) }
    let id = value["entryId"]?.string ?? ""
    guard let event = value["event"] else {
      return Delivery.Entry(
        id: id, content: .failure(Refusal(message: "event is required", reason: .missingField, eventID: facts.brokerID)),
        original: Self.text(of: value, facts))
    }
    return entry(id, event, facts)
  }

  // MARK: Out of the envelopes

  func entry(_ id: String, _ value: JSONValue, _ facts: DeliveryMetadata, depth: Int = 0) -> Delivery.Entry {
    guard depth < Self.depthLimit else { return refused(id, "an event is wrapped too often", facts, Self.text(of: value, facts)) }
    if let text = value.text { return entry(id, text: text.bytes, facts, depth: depth + 1) }
    guard value.kind == .object, isEnvelope(value) else { return understood(id, value, facts) }
    var facts = facts
    facts.read(envelope: value)
    if let data = value["data"], !data.isNull { return entry(id, data, facts, depth: depth + 1) }
    if let text = value["data_base64"]?.text {
      guard let bytes = Base64.decode(text.bytes) else { return refused(id, "data_base64 is no base64", facts, Array(text)) }
      return bytes.withUnsafeBufferPointer { entry(id, text: $0, facts, depth: depth + 1) }
    }
    return refused(id, "the CloudEvent has no data", facts, Self.text(of: value, facts))
  }

  /// A CloudEvent says so; one that was published incomplete is told by its data and by being no event itself.
  private func isEnvelope(_ value: JSONValue) -> Bool {
    if value["specversion"] != nil { return true }
    return value["event_type"] == nil && value["student_id"] == nil && (value["data"] != nil || value["data_base64"] != nil)
  }

  /// Text that should be an event: JSON, or base64 of it.
  func entry(_ id: String, text: UnsafeBufferPointer<UInt8>, _ facts: DeliveryMetadata, depth: Int) -> Delivery.Entry {
    do {
      return try parsed(id, text, facts, depth)
    } catch {
      // Words may look like base64; only what decodes to JSON was meant so.
      let decoded = Base64.decode(text).flatMap { bytes in bytes.withUnsafeBufferPointer { try? parsed(id, $0, facts, depth) } }
      return decoded ?? refused(id, Self.notJSON(error, text), facts, Array(text))
    }
  }

  private func parsed(
    _ id: String, _ text: UnsafeBufferPointer<UInt8>, _ facts: DeliveryMetadata, _ depth: Int
  ) throws(JSONFailure<Never>) -> Delivery.Entry {
    try JSONDocument.parseTolerantly(UnsafeRawBufferPointer(text)) { (root) throws(Never) in
      let entry = entry(id, root, facts, depth: depth)
      // A string that holds no object is no envelope: its quotes are part of what came.
      guard case .failure = entry.content, let held = root.text, held.bytes.first(where: { $0 > 0x20 }) != UInt8(ascii: "{") else {
        return entry
      }
      return Delivery.Entry(id: id, content: entry.content, original: Delivery.Original(bytes: Array(text), facts: facts))
    }
  }

  private func understood(_ id: String, _ value: JSONValue, _ facts: DeliveryMetadata) -> Delivery.Entry {
    do throws(Refusal) {
      let event = try reader.event(from: value, facts)
      return Delivery.Entry(id: id, content: .success(event), original: keepsOriginals ? Self.text(of: value, facts) : nil)
    } catch {
      return Delivery.Entry(id: id, content: .failure(error), original: Self.text(of: value, facts))
    }
  }

  private func refused(_ id: String, _ message: String, _ facts: DeliveryMetadata, _ original: [UInt8]) -> Delivery.Entry {
    refused(id, message, facts, Delivery.Original(bytes: original, facts: facts))
  }

  func refused(_ id: String, _ message: String, _ facts: DeliveryMetadata, _ original: Delivery.Original) -> Delivery.Entry {
    Delivery.Entry(id: id, content: .failure(refusal(message, facts)), original: original)
  }

  func refusal(_ message: String, _ facts: DeliveryMetadata) -> Refusal {
    Refusal(message: message, eventID: facts.envelopeID ?? facts.brokerID, timestamp: facts.time)
  }

  private static func text(of value: JSONValue, _ facts: DeliveryMetadata) -> Delivery.Original {
    var writer = JSONWriter()
    writer.copy(value)
    return Delivery.Original(bytes: writer.bytes, facts: facts)
  }

  /// The bytes that a gzipped text begins with.
  private static let gzipMark: [UInt8] = [0x1F, 0x8B]

  private static func notJSON(_ failure: JSONFailure<Never>, _ text: some Sequence<UInt8>) -> String {
    if text.starts(with: gzipMark) { return "the event is compressed with gzip; it must be JSON text" }
    switch failure {
    case .malformed(let why): return "the event is not JSON: \(why)"
    }
  }

  // MARK: A body that as a whole is no JSON

  /// One event of a bulk delivery made the whole unreadable: each is found by its brackets and read by itself.
  private func unparsed(_ body: [UInt8], _ facts: DeliveryMetadata) -> Delivery {
    body.withUnsafeBytes { bytes in
      let whole = 0..<bytes.count
      guard let list = JSONExtent.member("entries", in: bytes, whole) else {
        return Delivery(isBulk: false, entries: [entry("", text: bytes.bindMemory(to: UInt8.self), facts, depth: 1)])
      }
      let extents = JSONExtent.elements(in: bytes, list)
      let read = extents.prefix(Delivery.entryLimit).map { unparsedEntry(in: bytes, $0) }
      return Delivery(isBulk: true, entries: read, leftOut: extents.count - read.count)
    }
  }

  func unparsedEntry(in bytes: UnsafeRawBufferPointer, _ extent: Range<Int>) -> Delivery.Entry {
    let text = UnsafeRawBufferPointer(rebasing: bytes[extent])
    do {
      return try JSONDocument.parseTolerantly(text) { (root) throws(Never) in bulkEntry(root) }
    } catch {
      var facts = DeliveryMetadata()
      if let metadata = JSONExtent.member("metadata", in: bytes, extent) {
        try? JSONDocument.parse(UnsafeRawBufferPointer(rebasing: bytes[metadata])) { (root) throws(Never) in facts.read(metadata: root) }
      }
      let id = JSONExtent.member("entryId", in: bytes, extent).map { Array(bytes[$0].dropFirst().dropLast()) } ?? []
      let event = JSONExtent.member("event", in: bytes, extent).map { innermost(in: bytes, $0) } ?? extent
      return refused(String(decoding: id, as: UTF8.self), Self.notJSON(error, bytes[event]), facts, Array(bytes[event]))
    }
  }

  /// What stands in a CloudEvent that cannot be parsed.
  private func innermost(in bytes: UnsafeRawBufferPointer, _ extent: Range<Int>) -> Range<Int> {
    guard JSONExtent.member("specversion", in: bytes, extent) != nil else { return extent }
    return JSONExtent.member("data", in: bytes, extent) ?? extent
  }
}
