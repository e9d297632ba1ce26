internal import JSON
internal import MasteryCore
internal import Tracing

/// A delivery of the engine's own messages, one CloudEvent or many.
struct InternalDelivery<Content: Sendable>: Sendable {
  /// One event of the delivery.
  struct Entry: Sendable {
    /// The id for reporting its status; empty for a single event.
    let id: String
    /// The content; nil if it is not of the expected form, which redelivery would not change.
    let content: Content?
    /// When it was published, if stated.
    let time: Timestamp?
    /// The ids of its trace; nil if it has none.
    let context: SpanContext?
  }

  /// Whether each entry gets its own status.
  let isBulk: Bool
  /// The events in order.
  let entries: [Entry]

  /// Reads a delivery.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - content: Reads the data of a CloudEvent; nil if it is not of the expected form.
  init(_ body: DeliveryBody, _ content: (JSONValue) -> Content?) {
    switch body {
    case .whole(let bytes): self.init(bytes, content)
    case .split(let delivery):
      self.init(
        isBulk: delivery.isBulk,
        entries: delivery.entries.map { entry in
          let text = entry.original.flatMap { $0.truncation == nil ? $0.bytes : nil } ?? []
          let read = try? JSONDocument.parse(text) { (root) throws(Never) in content(root) }
          return Entry(id: entry.id, content: read ?? nil, time: entry.original?.facts.envelopeTime, context: entry.context)
        })
    }
  }

  private init(isBulk: Bool, entries: [Entry]) {
    self.isBulk = isBulk
    self.entries = entries
  }

  private init(_ body: [UInt8], _ content: (JSONValue) -> Content?) {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) -> (isBulk: Bool, entries: [Entry]) in
      guard let entries = root["entries"], entries.kind == .array else {
        return (false, [Self.entry("", root, content)])
      }
      return (
        true,
        entries.elements.prefix(Delivery.entryLimit).map { entry in
          Self.entry(entry["entryId"]?.string ?? "", entry["event"], content)
        }
      )
    }
    (isBulk, entries) = read ?? (false, [Entry(id: "", content: nil, time: nil, context: nil)])
  }

  private static func entry(_ id: String, _ event: JSONValue?, _ content: (JSONValue) -> Content?) -> Entry {
    Entry(
      id: id, content: event.flatMap { content($0["data"] ?? $0) }, time: event?["time"].flatMap { EventTime.read($0) },
      context: event?["traceparent"]?.text.flatMap { SpanContext(traceparent: $0.bytes) })
  }
}
