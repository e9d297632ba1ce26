import MasteryService
import Synchronization

/// Collected log lines.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  var log: Log {
    Log(level: .info, format: .text) { bytes in self.lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
  }
}
