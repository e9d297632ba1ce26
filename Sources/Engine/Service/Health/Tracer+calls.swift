internal import DaprClient
internal import Tracing

extension Tracer {
  /// The conventions name no store and no broker that could be told of what is behind the sidecar, so it is named itself.
  private static let system = "dapr"

  /// Ends the span of a call to the sidecar.
  ///
  /// - Parameters:
  ///   - span: The span.
  ///   - kind: What was called.
  ///   - items: Number of keys, documents or events.
  ///   - topic: The topic of what was published.
  ///   - failure: Why it failed; nil if it did not.
  func endCall(_ span: Open, _ kind: CallKind, _ items: Int, to topic: String?, _ failure: SidecarFailure?) {
    let operation = kind.rawValue
    var attributes: [Span.Attribute] = []
    switch kind {
    case .publish, .publishBulk:
      attributes = [
        Span.Attribute("messaging.system", Self.system), Span.Attribute("messaging.operation.name", operation),
        Span.Attribute("messaging.operation.type", "send"),
      ]
      if let topic { attributes.append(Span.Attribute("messaging.destination.name", topic)) }
      if kind == .publishBulk { attributes.append(Span.Attribute("messaging.batch.message_count", items)) }
    case .bulkGet, .get, .save, .delete, .transact:
      attributes = [Span.Attribute("db.system.name", Self.system), Span.Attribute("db.operation.name", operation)]
      if items > 1 { attributes.append(Span.Attribute("db.operation.batch.size", items)) }
    case .invoke, .metadata: break
    }
    let error = failure.map { CallStatus($0).rawValue }
    end(span, topic.map { "\(operation) \($0)" } ?? operation, .client, attributes, error: error)
  }
}
