internal import Tracing

/// The different sampled contexts that a span is linked with, the first so many of them.
struct SpanLinks {
  /// As many as OpenTelemetry's own libraries keep.
  private static let limit = 128

  private(set) var contexts: [SpanContext] = []
  /// How many more there were.
  private(set) var leftOut = 0
  private var known: Set<SpanContext> = []

  /// Adds a context, if it is sampled and new.
  mutating func add(_ context: SpanContext) {
    guard context.isSampled, known.insert(context).inserted else { return }
    if contexts.count < Self.limit { contexts.append(context) } else { leftOut += 1 }
  }
}
