import Glibc
import LoadTesting
import Synchronization

/// Reads the results and announcements that the broker takes, off the broker's way.
final class ResultReader: Sendable {
  private struct Message {
    let isResult: Bool
    let body: [UInt8]
    /// When the broker took it, in microseconds of the monotonic clock.
    let time: Int
  }

  private static let pause: UInt32 = 5_000

  private let flow: EventFlow
  private let messages = Mutex<[Message]>([])
  private let isEnding = Atomic(false)

  init(_ flow: EventFlow) { self.flow = flow }

  /// Takes a message of the broker; quick, since the broker waits.
  func accept(_ topic: String, _ body: [UInt8]) {
    switch topic {
    case "mastery.results", "mastery.events", "learning.path.recommended":
      let time = Monotonic.microseconds
      messages.withLock { $0.append(Message(isResult: topic == "mastery.results", body: body, time: time)) }
    case "mastery.dlq": flow.deadLetter()
    default: return
    }
  }

  /// Reads messages until the end; blocks its thread.
  func run() {
    while !isEnding.load(ordering: .relaxed) {
      let batch = messages.withLock { messages in
        defer { messages = [] }
        return messages
      }
      for message in batch {
        if !message.isResult {
          flow.announce(message.body)
        } else if let result = ResultLedger.Result(message: message.body) {
          flow.take(result, at: message.time)
        }
      }
      if batch.isEmpty { usleep(Self.pause) }
    }
  }

  /// Ends reading.
  func end() { isEnding.store(true, ordering: .relaxed) }
}
