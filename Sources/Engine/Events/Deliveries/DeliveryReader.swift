internal import Encodings
internal import JSON
internal import MasteryCore

/// Extracts events from any body that the sidecar delivers.
///
/// An event may be inside a CloudEvent, bare, a JSON string or base64, single or in bulk: all of these are the same event.
struct DeliveryReader {
  private let reader: EventReader
  /// Whether originals are kept for all events, not only the refused ones.
  private let keepsOriginals: Bool
  /// Envelopes, strings and base64 nested deeper than this are not accepted as an event.
  private static let depthLimit = 6

  /// Creates a reader for a given time.
  init(now: Timestamp, keepsOriginals: Bool = false) {
    reader = EventReader(now: now)
    self.keepsOriginals = keepsOriginals
  }

  /// Reads a delivery from its body and, for a single event, the request's headers.
  ///
  /// A delivery split while it arrived has already been read and has the originals of all its events.
  func delivery(_ body: DeliveryBody, _ facts: DeliveryMetadata) -> Delivery {
    switch body {
    case .whole(let bytes): delivery(bytes, facts)
    case .split(let delivery): delivery
    }
  }

  /// Reads a delivery from its complete body and, for a single event, the request's headers.
  func delivery(_ body: [UInt8], _ facts: DeliveryMetadata) -> Delivery {
    do {
      return try body.withUnsafeBufferPointer { (bytes) throws(JSONFailure<Never>) in
        try JSONDocument.parseTolerantly(UnsafeRawBufferPointer(bytes)) { (root) throws(Never) in delivery(root, facts) }
      }
    } catch {
      return unparsed(body, facts)
    }
  }

  /// Reads the delivery of one event, which stays one event even if it looks like a bulk delivery.
  func single(_ event: [UInt8], _ facts: DeliveryMetadata) -> Delivery {
    Delivery(isBulk: false, entries: [entry(of: event, facts)])
  }

  /// Reads one event.
  func entry(of event: [UInt8], _ facts: DeliveryMetadata) -> Delivery.Entry {
    event.withUnsafeBufferPointer { entry("", text: $0, facts, depth: 0) }
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
        id: id, content: .failure(EventRejection(message: "event is required", reason: .missingField, eventID: facts.brokerID)),
        original: Self.text(of: value, facts))
    }
    return entry(id, event, facts)
  }

  // MARK: Opening envelopes

  func entry(_ id: String, _ value: JSONValue, _ facts: DeliveryMetadata, depth: Int = 0) -> Delivery.Entry {
    guard depth < Self.depthLimit else { return refused(id, "an event is wrapped too often", facts, Self.text(of: value, facts)) }
    if let text = value.text { return entry(id, text: text.bytes, facts, depth: depth + 1) }
    let value = value.record
    guard value.kind == .object, isEnvelope(value) else { return understood(id, value, facts) }
    var facts = facts
    facts.read(envelope: value)
    if let data = value["data"], !data.isNull { return entry(id, data, facts, depth: depth + 1) }
    if let text = value["data_base64"]?.single.text {
      guard let bytes = Base64.decode(text.bytes) else { return refused(id, "data_base64 is no base64", facts, Array(text)) }
      return bytes.withUnsafeBufferPointer { entry(id, text: $0, facts, depth: depth + 1) }
    }
    return refused(id, "the CloudEvent has no data", facts, Self.text(of: value, facts))
  }

  /// Whether a value is a CloudEvent: it says so, or, if it was published incomplete, it has data and is not an event itself.
  private func isEnvelope(_ value: JSONValue) -> Bool {
    if value["specversion"] != nil { return true }
    return value["event_type"] == nil && value["student_id"] == nil && (value["data"] != nil || value["data_base64"] != nil)
  }

  /// Reads text that should be an event: JSON, or base64 of JSON.
  func entry(_ id: String, text: UnsafeBufferPointer<UInt8>, _ facts: DeliveryMetadata, depth: Int) -> Delivery.Entry {
    do {
      return try parsed(id, text, facts, depth)
    } catch {
      // Words may look like base64; only text that decodes to JSON was meant as base64.
      let decoded = Base64.decode(text).flatMap { bytes in bytes.withUnsafeBufferPointer { try? parsed(id, $0, facts, depth) } }
      return decoded ?? refused(id, Self.notJSON(error, text), facts, Array(text))
    }
  }

  private func parsed(
    _ id: String, _ text: UnsafeBufferPointer<UInt8>, _ facts: DeliveryMetadata, _ depth: Int
  ) throws(JSONFailure<Never>) -> Delivery.Entry {
    try JSONDocument.parseTolerantly(UnsafeRawBufferPointer(text)) { (root) throws(Never) in
      let entry = entry(id, root, facts, depth: depth)
      // A string without an object inside is not an envelope: its quotes belong to the original.
      guard case .failure = entry.content, let held = root.text, held.bytes.first(where: { $0 > 0x20 }) != UInt8(ascii: "{") else {
        return entry
      }
      return Delivery.Entry(id: id, content: entry.content, original: Delivery.Original(bytes: Array(text), facts: facts))
    }
  }

  private func understood(_ id: String, _ value: JSONValue, _ facts: DeliveryMetadata) -> Delivery.Entry {
    do throws(EventRejection) {
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
    Delivery.Entry(id: id, content: .failure(rejection(message, facts)), original: original)
  }

  func rejection(_ message: String, _ facts: DeliveryMetadata) -> EventRejection {
    EventRejection(message: message, eventID: facts.envelopeID ?? facts.brokerID, timestamp: facts.time)
  }

  private static func text(of value: JSONValue, _ facts: DeliveryMetadata) -> Delivery.Original {
    var writer = JSONWriter()
    writer.copy(value)
    return Delivery.Original(bytes: writer.bytes, facts: facts)
  }

  /// The first bytes of gzipped data.
  private static let gzipMark: [UInt8] = [0x1F, 0x8B]

  private static func notJSON(_ failure: JSONFailure<Never>, _ text: some Sequence<UInt8>) -> String {
    if text.starts(with: gzipMark) { return "the event is compressed with gzip; it must be JSON text" }
    switch failure {
    case .malformed(let why): return "the event is not JSON: \(why)"
    }
  }

  // MARK: Bodies that are not JSON as a whole

  /// If one event makes a bulk delivery unparsable, each event is located by its brackets and read individually.
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

  /// The range of the content of a CloudEvent that cannot be parsed.
  private func innermost(in bytes: UnsafeRawBufferPointer, _ extent: Range<Int>) -> Range<Int> {
    guard JSONExtent.member("specversion", in: bytes, extent) != nil else { return extent }
    return JSONExtent.member("data", in: bytes, extent) ?? extent
  }
}
