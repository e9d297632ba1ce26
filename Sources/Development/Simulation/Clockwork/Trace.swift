internal import Synchronization

/// What happened in a world, step by step: always as a hash, on request also as a story.
final class Trace: Sendable {
  fileprivate struct State {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var steps = 0
    var story: [String] = []
  }

  private let state = Mutex(State())
  private let timeline: Timeline
  private let start: Int64
  private let isTold: Bool

  /// Creates an empty trace.
  ///
  /// - Parameters:
  ///   - timeline: The world's clock.
  ///   - isTold: Whether the story is kept.
  init(_ timeline: Timeline, isTold: Bool) {
    self.timeline = timeline
    start = timeline.now
    self.isTold = isTold
  }

  /// Records one step.
  func note(_ text: String) {
    let moment = timeline.now - start
    state.withLock { state in
      state.steps += 1
      state.mix(String(moment).utf8)
      state.mix(text.utf8)
      if isTold { state.story.append("\(Self.clock(moment))  \(text)") }
    }
  }

  /// A hash of all steps (FNV-1a, 64 bits); equal traces have equal hashes in every process.
  var hash: UInt64 { state.withLock { $0.hash } }

  /// The number of steps.
  var steps: Int { state.withLock { $0.steps } }

  /// The steps as lines; empty if the story is not kept.
  var story: [String] { state.withLock { $0.story } }

  /// Seconds since the world began, padded to a fixed width.
  private static func clock(_ milliseconds: Int64) -> String {
    let rest = String(milliseconds % 1_000)
    let text = "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    return String(repeating: " ", count: max(0, 11 - text.utf8.count)) + text
  }
}

extension Trace.State {
  fileprivate mutating func mix(_ bytes: String.UTF8View) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ 0x0A) &* 0x100_0000_01B3
  }
}
