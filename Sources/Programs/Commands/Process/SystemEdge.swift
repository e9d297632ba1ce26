internal import Glibc
internal import MasteryCore
internal import MasteryService

extension Runtime {
  /// The system's clock, sleeping and randomness.
  static var system: Runtime {
    Runtime(
      now: { systemTime() },
      sleep: { try? await Task.sleep(for: .milliseconds($0)) },
      random: { words.next() })
  }

  private static let words = RandomWords()

  private static func systemTime() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
