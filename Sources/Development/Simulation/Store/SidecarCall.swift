public import DaprClient

/// A call of the simulated sidecar.
public enum SidecarCall: Sendable {
  /// Keys to read.
  case load([String])
  /// Values to save.
  case save([SaveItem])
  /// A key to delete.
  case delete(String)
  /// Events to publish to a topic.
  case publish(String, [OutgoingEvent])
  /// Anything else, by name.
  case other(String)

  /// Whether it is a read.
  public var isLoad: Bool { if case .load = self { true } else { false } }
  /// Whether it is a save.
  public var isSave: Bool { if case .save = self { true } else { false } }
  /// Whether it is a save of non-document values: audit trails, dead letters, standings or batches.
  public var isAside: Bool {
    guard case .save(let items) = self else { return false }
    return items.allSatisfy { item in [":audit", "dlq:", ":standing:", "batch"].contains { item.key.contains($0) } }
  }
  /// Whether it is a publish.
  public var isPublish: Bool { if case .publish = self { true } else { false } }
}
