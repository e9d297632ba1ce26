internal import Synchronization

/// Spans that wait to be sent, so many at most: adding one never waits, and one too many is dropped and counted.
public final class SpanQueue: Sendable {
  private struct State {
    var waiting: [Span] = []
    var dropped = 0
  }

  private let limit: Int
  private let batch: Int
  private let state = Mutex(State())
  private let waker: AsyncStream<Void>.Continuation
  /// Wakes whoever sends the spans.
  let wakes: AsyncStream<Void>

  /// An empty queue.
  ///
  /// - Parameters:
  ///   - limit: The most spans that wait.
  ///   - batch: The most that are sent together; as soon as so many wait, the sender is woken.
  public init(limit: Int = 2_048, batch: Int = 512) {
    self.limit = limit
    self.batch = batch
    (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Adds a span.
  public func add(_ span: Span) {
    let isBatch = state.withLock { state in
      guard state.waiting.count < limit else {
        state.dropped += 1
        return false
      }
      state.waiting.append(span)
      return state.waiting.count % batch == 0
    }
    if isBatch { wake() }
  }

  /// Takes the oldest spans, a batch at most.
  public func take() -> [Span] {
    state.withLock { state in
      defer { state.waiting.removeFirst(min(batch, state.waiting.count)) }
      return Array(state.waiting.prefix(batch))
    }
  }

  /// Number of spans that wait.
  public var waiting: Int { state.withLock { $0.waiting.count } }

  /// Number of spans that were dropped, here or on their way.
  public var dropped: Int { state.withLock { $0.dropped } }

  /// Counts spans that were taken and got lost.
  func drop(_ count: Int) { state.withLock { $0.dropped += count } }

  /// Wakes the sender.
  func wake() { waker.yield() }
}
