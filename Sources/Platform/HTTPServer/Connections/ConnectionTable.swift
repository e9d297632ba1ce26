internal import Glibc
internal import Synchronization

/// All connections of a server, kept within the limits with some room reserved for those that need it.
final class ConnectionTable: Sendable {
  private struct State {
    var standings: [Int32: Standing] = [:]
    /// Connections by their source, except for those from this machine.
    var counts: [Source: Int] = [:]
    var strangers = 0
    /// Sockets that were told to end and are not closed yet.
    var ending: Set<Int32> = []
  }

  private let state = Mutex(State())
  private let limit: Int
  private let sourceLimit: Int
  /// Connections are scarce this many before the limit.
  private let margin: Int
  /// This many connections are reserved for this machine.
  private let localShare: Int
  private let isLoopbackNeighbour: Bool

  /// An empty table.
  init(_ settings: HTTPServerSettings) {
    limit = settings.connectionLimit
    sourceLimit = settings.sourceLimit
    margin = min(64, limit / 8)
    isLoopbackNeighbour = settings.isLoopbackNeighbour
    localShare = isLoopbackNeighbour ? limit / 16 : 0
  }

  /// Accepts a new connection; if there are too many, the one idle the longest gives way.
  ///
  /// - Returns: Its standing; nil if there is no room.
  func begin(_ socket: Int32, from source: Source, at now: UInt64) -> Standing? {
    let isLocal = source.isLoopback
    return state.withLock { state in
      if !isLocal, state.counts[source, default: 0] >= sourceLimit {
        Self.endOne(&state) { $0.source == source }
        return nil
      }
      if margin > 0, state.standings.count - state.ending.count + 1 > limit - margin { Self.endOne(&state) { _ in true } }
      guard state.standings.count < limit, isLocal || state.strangers < limit - localShare else { return nil }
      let standing = Standing(source: source, trust: isLocal && isLoopbackNeighbour ? .local : .stranger, at: now)
      state.standings[socket] = standing
      if !isLocal {
        state.counts[source, default: 0] += 1
        state.strangers += 1
      }
      return standing
    }
  }

  /// Whether a connection from a source may find room soon, since others are about to end.
  func isMakingRoom(for source: Source) -> Bool {
    state.withLock { state in
      !state.ending.isEmpty && (source.isLoopback || state.counts[source, default: 0] < sourceLimit)
    }
  }

  /// A connection is about to be closed: from now on its number may belong to another.
  func end(_ socket: Int32) {
    state.withLock { state in
      state.ending.remove(socket)
      guard let standing = state.standings.removeValue(forKey: socket), !standing.source.isLoopback else { return }
      state.strangers -= 1
      guard let count = state.counts[standing.source] else { return }
      state.counts[standing.source] = count > 1 ? count - 1 : nil
    }
  }

  /// Ends the connection whose body has been arriving the longest, except for neighbours.
  ///
  /// - Returns: Whether there was one.
  func endLongestBody(but socket: Int32) -> Bool {
    state.withLock { state in
      Self.endOne(&state, but: socket) { $0.occupation == .receiving }
    }
  }

  /// Ends the connection whose answer has been read the longest, except for neighbours.
  ///
  /// - Returns: Whether there was one.
  @discardableResult
  func endLongestAnswer(but socket: Int32) -> Bool {
    state.withLock { state in
      Self.endOne(&state, but: socket) { $0.occupation == .sending }
    }
  }

  /// Shuts down the least needed of some connections, by trust, activity and age; false if all are needed.
  @discardableResult
  private static func endOne(_ state: inout State, but own: Int32 = -1, of isOne: (Standing) -> Bool) -> Bool {
    var found: (socket: Int32, rank: (Standing.Trust, Standing.Occupation, UInt64))?
    for (socket, standing) in state.standings where socket != own && !state.ending.contains(socket) && isOne(standing) {
      let rank = (standing.trust, standing.occupation, standing.since)
      guard rank.0 < .proven, rank.1 < .working else { continue }
      if let best = found?.rank, rank >= best { continue }
      found = (socket, rank)
    }
    guard let socket = found?.socket else { return false }
    state.ending.insert(socket)
    shutdown(socket, Int32(SHUT_RDWR))
    return true
  }
}
