import Synchronization

/// Messages that the broker accepted.
final class Published: Sendable {
  private let messages = Mutex<[(topic: String, body: [UInt8])]>([])

  func append(_ topic: String, _ body: [UInt8]) { messages.withLock { $0.append((topic, body)) } }

  func bodies(on topics: String...) -> [[UInt8]] {
    messages.withLock { $0.filter { topics.contains($0.topic) }.map(\.body) }
  }
}
