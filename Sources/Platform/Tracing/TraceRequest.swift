internal import JSON

/// The body of a request that hands spans to a collector: OTLP 1 as JSON, `ExportTraceServiceRequest`.
///
/// Ids are hexadecimal, 64-bit integers are strings, enumerations are numbers.
enum TraceRequest {
  /// The text of a request.
  ///
  /// - Parameters:
  ///   - spans: The spans.
  ///   - resource: What the process says of itself.
  /// - Returns: The JSON text.
  static func body(_ spans: [Span], of resource: [Span.Attribute]) -> [UInt8] {
    JSONWriter.object(capacity: 512 + 768 * spans.count) { json in
      json.array("resourceSpans") { json in
        json.object { json in
          json.object("resource") { $0.attributes(resource) }
          json.array("scopeSpans") { json in
            json.object { json in
              json.object("scope") { $0.member("name", "mastery-engine" as StaticString) }
              json.objects("spans", of: spans) { $0.members(of: $1) }
            }
          }
        }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func members(of span: Span) {
    ids(of: span.context)
    if let parent = span.parent { member("parentSpanId", parent.spanID) }
    member("name", span.name)
    member("kind", span.kind.rawValue)
    member("startTimeUnixNano", "\(span.began)")
    member("endTimeUnixNano", "\(span.ended)")
    attributes(span.attributes)
    if !span.links.isEmpty { objects("links", of: span.links) { $0.ids(of: $1) } }
    if span.linksLeftOut > 0 { member("droppedLinksCount", span.linksLeftOut) }
    // Unset unless it failed, as the conventions want it.
    if span.isFailed { object("status") { $0.member("code", 2) } }
  }

  private mutating func ids(of context: SpanContext) {
    member("traceId", context.traceID)
    member("spanId", context.spanID)
  }

  fileprivate mutating func attributes(_ attributes: [Span.Attribute]) {
    objects("attributes", of: attributes) { json, attribute in
      json.member("key", attribute.name)
      json.object("value") { json in
        switch attribute.value {
        case .text(let text): json.member("stringValue", text)
        case .integer(let number): json.member("intValue", "\(number)")
        }
      }
    }
  }
}
