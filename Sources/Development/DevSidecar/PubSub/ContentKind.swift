internal import JSON

/// What a content type makes of a published body.
enum ContentKind: Hashable, Sendable {
  /// A CloudEvent already.
  case event
  case json
  case bytes
  /// Anything else, or no content type at all.
  case text

  init(_ contentType: String?) {
    guard var contentType else {
      self = .text
      return
    }
    self = contentType.withUTF8 { ContentKind($0) }
  }

  /// The kind by the media type's bytes, ignoring case and parameters.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    let end = bytes.firstIndex { $0 == UInt8(ascii: ";") || $0 == 0x20 } ?? bytes.count
    let type = UnsafeBufferPointer(rebasing: bytes[..<end])
    if Self.ends(type, "application/cloudevents+json", whole: true) {
      self = .event
    } else if Self.ends(type, "application/json", whole: true) || Self.ends(type, "+json", whole: false) {
      self = .json
    } else {
      self = Self.ends(type, "application/octet-stream", whole: true) ? .bytes : .text
    }
  }

  private static func ends(_ type: UnsafeBufferPointer<UInt8>, _ end: StaticString, whole: Bool) -> Bool {
    let start = type.count - end.utf8CodeUnitCount
    guard whole ? start == 0 : start >= 0 else { return false }
    for offset in 0..<end.utf8CodeUnitCount {
      let byte = type[start + offset]
      guard ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == end.utf8Start[offset] else { return false }
    }
    return true
  }
}
