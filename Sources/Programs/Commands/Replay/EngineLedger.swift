/// The work of all engine processes since a replay began, combined from looks at one process at a time.
///
/// A process that ends takes its counts after the last look with it, so the sum is then only a lower bound.
struct EngineLedger: Sendable {
  /// The identity of a process: its start, or its address if it does not report its start.
  private enum Process: Hashable {
    case started(Double)
    case at(String)
  }

  private struct Account {
    /// The counts before the replay, or when the process was first seen.
    var before: EngineCounts
    var latest: EngineCounts
  }

  /// When the replay began, in seconds since 1970.
  private let began: Double
  private var accounts: [Process: Account] = [:]
  /// The counts of ended processes that only their address distinguishes.
  private var closed: [EngineCounts] = []
  /// Whether the sum is complete: no process has ended, started, or been met late.
  private(set) var isExact = true

  init(began: Double) {
    self.began = began
  }

  /// Records a process's counts before the replay.
  mutating func open(_ counts: EngineCounts, from address: String) {
    accounts[Self.process(counts, address)] = Account(before: counts, latest: counts)
  }

  /// Records a process's present counts.
  mutating func note(_ counts: EngineCounts, from address: String) {
    let process = Self.process(counts, address)
    guard let account = accounts[process] else {
      isExact = false
      // A process started later has counted only this replay's events.
      let isNew = (counts.started ?? 0) >= began
      accounts[process] = Account(before: isNew ? EngineCounts() : counts, latest: counts)
      return
    }
    if counts.workedOff < account.latest.workedOff {
      // The process restarted.
      isExact = false
      closed.append(account.latest.since(account.before))
      accounts[process] = Account(before: EngineCounts(), latest: counts)
    } else {
      accounts[process]?.latest = counts
    }
  }

  /// The sum over all processes.
  var sum: EngineCounts {
    let done = closed + accounts.values.map { $0.latest.since($0.before) }
    return EngineCounts(
      started: nil, workedOff: done.reduce(0) { $0 + $1.workedOff }, refused: done.reduce(0) { $0 + $1.refused },
      reasons: done.reduce(into: [:]) { $0.merge($1.reasons, uniquingKeysWith: +) }, retried: done.reduce(0) { $0 + $1.retried })
  }

  /// Whether no process has been met yet.
  var isEmpty: Bool { accounts.isEmpty }

  private static func process(_ counts: EngineCounts, _ address: String) -> Process { counts.started.map { .started($0) } ?? .at(address) }
}
