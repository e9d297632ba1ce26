/// What all processes of the engine have done since a replay began, put together out of looks at one of them at a time.
///
/// A process that ends takes with it what it counted after the last look, so the sum is then no more than a lower bound.
struct EngineLedger: Sendable {
  /// Which process counted: by its start, or by its address where it does not tell.
  private enum Process: Hashable {
    case started(Double)
    case at(String)
  }

  private struct Account {
    /// What it had counted before the replay, or when it was first seen.
    var before: EngineCounts
    var latest: EngineCounts
  }

  /// When the replay began, in seconds since 1970.
  private let began: Double
  private var accounts: [Process: Account] = [:]
  /// What processes that are gone have done, where only their address tells them apart.
  private var closed: [EngineCounts] = []
  /// Whether the sum says all that was done: no process has ended, begun, or was met late.
  private(set) var isExact = true

  init(began: Double) {
    self.began = began
  }

  /// Takes in what a process had counted before the replay.
  mutating func open(_ counts: EngineCounts, from address: String) {
    accounts[Self.process(counts, address)] = Account(before: counts, latest: counts)
  }

  /// Takes in what a process tells now.
  mutating func note(_ counts: EngineCounts, from address: String) {
    let process = Self.process(counts, address)
    guard let account = accounts[process] else {
      isExact = false
      // One that began later has counted nothing but this replay's events.
      let isNew = (counts.started ?? 0) >= began
      accounts[process] = Account(before: isNew ? EngineCounts() : counts, latest: counts)
      return
    }
    if counts.workedOff < account.latest.workedOff {
      // It started anew.
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

  /// Whether any process has been met.
  var isEmpty: Bool { accounts.isEmpty }

  private static func process(_ counts: EngineCounts, _ address: String) -> Process { counts.started.map { .started($0) } ?? .at(address) }
}
