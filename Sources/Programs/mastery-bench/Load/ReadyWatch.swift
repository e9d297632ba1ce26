import HTTPClient
import JSON
import LoadTesting
import Synchronization

/// Asks `/ready` several times a second and keeps what it said.
final class ReadyWatch: Sendable {
  /// One answer.
  struct Look: Sendable {
    /// Microseconds from the beginning of the load.
    let time: Int
    let isReady: Bool
    /// The dependencies that are not up.
    let away: [String]
    /// How long the answer took, in microseconds.
    let latency: Int
  }

  private struct State {
    var latest = Look(time: 0, isReady: false, away: [], latency: 0)
    var slowest = 0
    var recovery: Recovery
    /// What was said while each outage was on.
    var byOutage: [Set<[String]>]
  }

  private static let pause = Duration.milliseconds(250)
  /// Microseconds in which an outage has to show.
  private static let grace = 3_000_000

  private let outages: [Outage]
  private let state: Mutex<State>

  init(_ outages: [Outage]) {
    self.outages = outages
    state = Mutex(State(recovery: Recovery(outages), byOutage: outages.map { _ in [] }))
  }

  /// Asks until the task is cancelled.
  func run(_ client: HTTPClient, port: UInt16, from began: Int) async {
    while !Task.isCancelled {
      let asked = Monotonic.microseconds
      let answer = try? await client.send(HTTPCall("GET", "http://127.0.0.1:\(port)/ready", deadline: 5_000))
      let now = Monotonic.microseconds
      take(
        Look(
          time: now - began, isReady: answer?.status == 200, away: answer.map { Self.away($0.body) } ?? ["engine"],
          latency: now - asked))
      try? await Task.sleep(for: Self.pause)
    }
  }

  private func take(_ look: Look) {
    state.withLock { state in
      state.latest = look
      state.slowest = max(state.slowest, look.latency)
      if !look.isReady { state.recovery.note(look.time) }
      for (index, outage) in outages.enumerated() {
        // Asked when the outage had to show, and answered before it was over.
        let isIn = look.time - look.latency >= outage.begin + Self.grace && look.time < outage.end
        if isIn { state.byOutage[index].insert(look.away) }
      }
    }
  }

  private static func away(_ body: [UInt8]) -> [String] {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) in
      var away: [String] = []
      if let dependencies = root["dependencies"] {
        for (name, value) in dependencies.members where value.string != "up" { away.append(name.string) }
      }
      return away
    }
    return read ?? []
  }

  /// The last answer.
  var latest: Look { state.withLock { $0.latest } }

  /// The slowest answer in microseconds.
  var slowest: Int { state.withLock { $0.slowest } }

  var recovery: Recovery { state.withLock { $0.recovery } }

  /// The different things that were said in an outage, from its third second on.
  func said(in outage: Int) -> Set<[String]> { state.withLock { $0.byOutage[outage] } }
}
