/// When calls of a component are rejected, and for how long.
struct BreakerPolicy: Hashable, Sendable {
  /// How many failures in a row open the breaker.
  var failures: Int
  /// How long it stays open, in milliseconds.
  var pause: Int64

  init(failures: Int, pause: Int64) {
    self.failures = failures
    self.pause = pause
  }

  /// A policy of a resiliency file; of trip conditions, only a comparison of `consecutiveFailures` with a number is supported.
  init(_ field: ComponentField) throws(DevSidecarFailure) {
    pause = try field["timeout"].duration() ?? 60_000
    guard field["trip"].node != nil else {
      failures = 6
      return
    }
    let parts = try field["trip"].text().split(separator: " ")
    guard parts.count == 3, parts[0] == "consecutiveFailures", parts[1] == ">" || parts[1] == ">=", let number = Int(parts[2]) else {
      throw field["trip"].mustBe("consecutiveFailures > N or consecutiveFailures >= N")
    }
    failures = parts[1] == ">" ? number + 1 : max(number, 1)
  }
}
