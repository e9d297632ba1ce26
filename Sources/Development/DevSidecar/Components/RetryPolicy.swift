/// How often and when a failed delivery comes again.
struct RetryPolicy: Hashable, Sendable {
  /// How the pauses grow.
  enum Kind: Hashable, Sendable {
    /// Each pause is the same.
    case constant
    /// Each pause is half as long again as the one before.
    case exponential
  }

  var kind: Kind
  /// The first pause, in milliseconds.
  var pause: Int64
  /// The longest pause, in milliseconds.
  var longest: Int64
  /// The most retries; nil for ever.
  var most: Int?

  /// The pause before a retry, the first being number 1; nil if there are no more retries.
  func pause(before retry: Int) -> Int64? {
    if let most, retry > most { return nil }
    guard kind == .exponential else { return pause }
    var length = Double(pause)
    for _ in 1..<max(retry, 1) where length < Double(longest) { length *= 1.5 }
    return min(Int64(length), longest)
  }

  /// A policy of a resiliency file.
  init(_ field: ComponentField) throws(DevSidecarFailure) {
    switch try field["policy"].text() {
    case "constant": kind = .constant
    case "exponential": kind = .exponential
    default: throw field["policy"].mustBe("constant or exponential")
    }
    pause = try field["duration"].duration() ?? (kind == .constant ? 5000 : 500)
    longest = try field["maxInterval"].duration() ?? 60_000
    let retries = try field["maxRetries"].integer() ?? -1
    most = retries < 0 ? nil : retries
  }

  init(kind: Kind, pause: Int64, longest: Int64 = 60_000, most: Int?) {
    self.kind = kind
    self.pause = pause
    self.longest = longest
    self.most = most
  }
}
