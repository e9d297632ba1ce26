internal import Encodings
internal import Tracing

/// The content of one sidecar call: one event, or many.
struct Delivery: Sendable {
  /// One event of a delivery.
  struct Entry: Sendable {
    /// The id for reporting its status; empty for a single event.
    let id: String
    /// The event, or why it can never be accepted.
    let content: Result<Event, EventRejection>
    /// The original, kept if it may be needed again, as for refused events.
    var original: Original?

    /// The event's type; nil if it cannot be read.
    var type: EventType? {
      switch content {
      case .success(let event): event.kind
      case .failure(let rejection): rejection.type.flatMap { EventType.named($0)?.type }
      }
    }

    /// The ids of its trace; nil if it has none.
    var context: SpanContext? {
      switch content {
      case .success(let event): event.trace.context
      case .failure: original?.facts.trace.context
      }
    }
  }

  /// Maximum number of entries read from one delivery, far more than are ever requested.
  ///
  /// Entries beyond it get no status, so they are redelivered. Each refused entry becomes a dead letter of 2 kB on its way out.
  static let entryLimit = 16_384

  /// Whether each entry gets its own status.
  let isBulk: Bool
  /// The events in order.
  let entries: [Entry]
  /// Number of entries beyond the limit.
  var leftOut = 0
}
