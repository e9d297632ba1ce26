internal import Glibc

/// The clocks at the sidecar's edge; inside, time is passed in.
enum Clock {
  /// Milliseconds since 1970.
  static func wall() -> Int64 { read(CLOCK_REALTIME) }

  /// Milliseconds on a clock that is never set.
  static func steady() -> Int64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// A time in whole seconds as RFC 3339 writes it: `2026-01-14T10:30:00Z`.
  static func text(_ milliseconds: Int64) -> String {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return String(unsafeUninitializedCapacity: 32) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) }
    }
  }
}
