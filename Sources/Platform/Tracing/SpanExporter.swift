public import HTTPClient
internal import JSON
internal import Synchronization

/// Sends spans to a collector: OTLP over HTTP, as JSON, in batches.
///
/// A batch is sent once. If that fails, it is dropped and counted: spans are worth less than the memory that an outage would take.
public final class SpanExporter: Sendable {
  /// How long spans wait for others, in seconds.
  private static let interval: Int64 = 5
  /// How long the collector may take, in milliseconds.
  private static let deadline = 10_000
  /// How long it says nothing more after it has said that spans were lost, in seconds.
  private static let silence: Int64 = 60

  private struct Told {
    var dropped = 0
    var at: ContinuousClock.Instant?
  }

  /// The spans that wait.
  public let queue: SpanQueue
  private let url: String
  private let headers: [(name: String, value: String)]
  private let resource: [Span.Attribute]
  private let http: HTTPClient
  private let lost: @Sendable (Int, String) -> Void
  private let told = Mutex(Told())
  private let isSending = Atomic(false)

  /// Creates an exporter.
  ///
  /// - Parameters:
  ///   - queue: The spans that wait.
  ///   - url: The collector's address for traces, whole.
  ///   - headers: Sent along with each batch; their values are secret.
  ///   - resource: What the process says of itself.
  ///   - http: The client.
  ///   - lost: Told at most once a minute how many spans were lost, and why the last ones.
  public init(
    _ queue: SpanQueue = SpanQueue(), to url: String, headers: [(name: String, value: String)] = [], of resource: [Span.Attribute],
    http: HTTPClient, lost: @escaping @Sendable (_ spans: Int, _ reason: String) -> Void
  ) {
    self.queue = queue
    self.url = url
    self.headers = [("Content-Type", "application/json")] + headers
    self.resource = resource
    self.http = http
    self.lost = lost
  }

  /// Sends spans until the task is cancelled: every five seconds, and whenever there are enough for a batch.
  public func run() async {
    let beat = Task { [queue] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(Self.interval))
        queue.wake()
      }
    }
    defer { beat.cancel() }
    for await _ in queue.wakes {
      while !Task.isCancelled, await sendBatch(deadline: Self.deadline) {}
    }
  }

  /// Sends the spans that still wait after `run` was cancelled.
  ///
  /// - Parameter limit: Maximum milliseconds to spend; what is left then is dropped.
  public func finish(within limit: Int) async {
    let end = ContinuousClock.now + .milliseconds(limit)
    // Whoever is cancelled still waits for the answer to what has been sent.
    while isSending.load(ordering: .acquiring), .now < end { try? await Task.sleep(for: .milliseconds(5)) }
    var left = Self.milliseconds(until: end)
    while left > 0, await sendBatch(deadline: left) { left = Self.milliseconds(until: end) }
    while case let rest = queue.take(), !rest.isEmpty { queue.drop(rest.count) }
    tell("the process ended", isLast: true)
  }

  private static func milliseconds(until end: ContinuousClock.Instant) -> Int {
    Int((end - .now) / .milliseconds(1))
  }

  /// Sends a batch; false if nothing waits.
  private func sendBatch(deadline: Int) async -> Bool {
    isSending.store(true, ordering: .releasing)
    defer { isSending.store(false, ordering: .releasing) }
    let spans = queue.take()
    guard !spans.isEmpty else { return false }
    let (dropped, reason) = await send(spans, deadline: deadline)
    queue.drop(dropped)
    tell(reason, isLast: false)
    return true
  }

  /// Sends spans; returns how many of them are lost, and why.
  private func send(_ spans: [Span], deadline: Int) async -> (Int, String) {
    let call = HTTPCall("POST", url, headers: headers, body: TraceRequest.body(spans, of: resource), deadline: deadline)
    do {
      let answer = try await http.send(call)
      guard (200..<300).contains(answer.status) else { return (spans.count, "the collector answered \(answer.status)") }
      return (min(Self.rejected(answer.body), spans.count), "more came than the collector takes")
    } catch {
      return (spans.count, "the collector does not answer: \(error)")
    }
  }

  /// How many spans the collector left out of those that it took, which it need not say.
  private static func rejected(_ body: [UInt8]) -> Int {
    let found = try? JSONDocument.parse(body) { (root) throws(Never) -> Int? in
      let number = root["partialSuccess"]?["rejectedSpans"]
      return number?.integer.map { Int($0) } ?? number?.string.flatMap { Int($0) }
    }
    return max(0, (found ?? nil) ?? 0)
  }

  /// Says how many spans were lost since it last did.
  private func tell(_ reason: String, isLast: Bool) {
    let dropped = queue.dropped
    let untold = told.withLock { told in
      guard dropped > told.dropped, isLast || told.at.map({ .now - $0 >= .seconds(Self.silence) }) ?? true else { return 0 }
      defer { told = Told(dropped: dropped, at: .now) }
      return dropped - told.dropped
    }
    if untold > 0 { lost(untold, reason) }
  }
}
