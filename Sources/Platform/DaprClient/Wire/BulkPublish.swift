internal import HTTPClient
internal import JSON

/// The form of an event's body in a bulk publish.
private enum EventForm {
  /// A JSON value: JSON and CloudEvents.
  case json
  /// A string.
  case text(String)
  /// A base64 string, which the sidecar decodes for that content type only.
  case base64

  /// JSON content types are sent as they are, binary as bytes; anything else is text if it is UTF-8.
  init(_ event: OutgoingEvent) {
    if event.isJSON, !event.body.isEmpty {
      self = .json
    } else if event.mediaType != EventForm.bytes, let text = String(validating: event.body, as: UTF8.self) {
      self = .text(text)
    } else {
      self = .base64
    }
  }

  static let bytes = "application/octet-stream"
}

extension OutgoingEvent {
  /// An upper bound of the event's bytes in a bulk publish; each byte of a string may need six.
  var sizeBound: Int {
    (isJSON ? body.count : 6 * body.count) + 6 * contentType.utf8.count + 6 * (partitionKey?.utf8.count ?? 0) + 120
  }

  /// The content type without its parameters.
  fileprivate var mediaType: String {
    String(contentType.utf8.prefix { $0 != UInt8(ascii: ";") })?.lowercased() ?? ""
  }

  fileprivate var isJSON: Bool {
    // Nearly all events have one of these two types; others are parsed.
    if contentType == "application/json" || contentType == "application/cloudevents+json" { return true }
    let type = mediaType
    return type == "application/json" || type.hasSuffix("+json")
  }

  fileprivate func write(position: Int, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("entryId", String(position))
      var type = contentType
      switch EventForm(self) {
      case .json: writer.member("event", raw: body)
      case .text(let text): writer.member("event", text)
      case .base64:
        writer.member("event", Base64.text(of: body))
        type = EventForm.bytes
      }
      writer.member("contentType", type)
      if let partitionKey { writer.object("metadata") { $0.member("partitionKey", partitionKey) } }
    }
  }
}

extension RequestPiece<OutgoingEvent> {
  /// The body of a bulk publish; an entry's id is its position in the whole list.
  func publishing() -> [UInt8] {
    JSONWriter.array(capacity: size) { writer in
      for (position, event) in zip(items.indices, items) { event.write(position: position, to: &writer) }
    }
  }
}

/// The sidecar's answer to a bulk publish.
enum BulkPublish {
  /// The positions that were not accepted, in ascending order; the sidecar lists them along with an error status.
  static func failures(in answer: HTTPAnswer, positions: Range<Int>) throws(SidecarFailure) -> [Int] {
    if answer.isSuccess { return [] }
    let named = try? answer.json { root in
      root["failedEntries"].map { entries in entries.elements.map { $0["entryId"]?.string.flatMap { Int($0) } } }
    }
    guard let named, !named.isEmpty else { throw SidecarFailure(answer) }
    var failed: Set<Int> = []
    for position in named {
      guard let position, positions.contains(position) else { throw .unintelligible("an entry that was not sent has failed") }
      failed.insert(position)
    }
    return failed.sorted()
  }
}
