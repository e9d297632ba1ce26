internal import DaprClient
internal import MasteryCore

/// When the key set of an identity provider is fetched.
///
/// Every ten minutes; a minute after the last try if that failed, or if a token names a key that is not known; and every five seconds until
/// there is a first set.
struct KeyFetch: Sendable {
  /// Milliseconds between two fetches.
  private static let pause: Int64 = 10 * 60_000
  /// Milliseconds between two fetches if a key is missing or the last fetch failed.
  private static let shortPause: Int64 = 60_000
  /// Milliseconds between two fetches until there is a set.
  private static let firstPause: Int64 = 5_000
  /// Milliseconds within which the provider has to answer.
  private static let deadline = 10_000

  private var triedAt: Timestamp?
  private var isRunning = false
  private var hasFailed = false
  /// Whether a key set has ever been fetched.
  private var hasFetched = false
  /// Whether a token named an unknown key since the last fetch.
  private var isWanted = false

  /// Whether it is time.
  func isDue(_ now: Timestamp) -> Bool {
    guard let triedAt, now >= triedAt else { return true }
    let pause = !hasFetched ? Self.firstPause : hasFailed || isWanted ? Self.shortPause : Self.pause
    return now >= triedAt.adding(milliseconds: pause)
  }

  /// Records that a token names an unknown key.
  ///
  /// - Returns: Whether a fetch comes at once, or is running.
  mutating func want(_ now: Timestamp) -> Bool {
    if isRunning { return true }
    isWanted = true
    return !hasFetched || isDue(now)
  }

  /// Records that a fetch begins.
  mutating func began(_ now: Timestamp) {
    triedAt = now
    isRunning = true
    isWanted = false
  }

  /// Records whether a key set came.
  mutating func ended(_ isRead: Bool) {
    isRunning = false
    hasFailed = !isRead
    hasFetched = hasFetched || isRead
  }

  /// Asks the provider through the sidecar.
  ///
  /// - Returns: The body of its answer; nil if there is none of status 200.
  static func bytes(from name: String, _ path: String, through sidecar: any Sidecar) async -> [UInt8]? {
    let call = Invocation(app: name, path: path, method: "GET", headers: [("Accept", "application/json")])
    let answer = try? await sidecar.invoke(call, context: CallContext(deadline: deadline))
    return answer?.status == 200 ? answer?.body : nil
  }
}
