import Synchronization

/// The lines that a sidecar tells a developer.
final class Notes: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }

  /// Waits until that many lines have come.
  func heard(_ count: Int) async {
    for _ in 0..<24_000 where all.count < count { try? await Task.sleep(for: .milliseconds(5)) }
  }
}
