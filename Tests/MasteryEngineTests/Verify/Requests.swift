import HTTPClient
import Synchronization

/// Records requests, and counts.
final class Requests: Sendable {
  private let calls = Mutex<[HTTPCall]>([])
  private let counted = Mutex<UInt64>(0)

  /// The requests, in order.
  var all: [HTTPCall] { calls.withLock { $0 } }

  func note(_ call: HTTPCall) { calls.withLock { $0.append(call) } }

  /// The next number, from 1 on.
  func number() -> UInt64 {
    counted.withLock { counted in
      counted += 1
      return counted
    }
  }
}
