internal import Glibc
internal import MasteryCore
internal import MasteryService

extension Runtime {
  /// The system's clock, sleeping and randomness.
  static var system: Runtime {
    Runtime(
      now: { systemTime() },
      sleep: { try? await Task.sleep(for: .milliseconds($0)) },
      random: { words.next() },
      uptime: { uptime() })
  }

  private static let words = RandomWords()

  private static func systemTime() -> Timestamp {
    let time = time(by: CLOCK_REALTIME)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }

  private static func uptime() -> Int64 {
    let time = time(by: CLOCK_MONOTONIC)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private static func time(by clock: clockid_t) -> timespec {
    var time = timespec()
    clock_gettime(clock, &time)
    return time
  }
}
