/// A state store: the rules of a recorded one, over an engine.
struct StateStore: Sendable {
  let rules: StateRules
  private var engine: any StateEngine
  private let prefix: String
  private var random: RandomBits
  private var swept: Int64 = 0
  /// How often ended values are swept out; until then reads skip them.
  private static let sweepInterval: Int64 = 30_000

  init(rules: StateRules, engine: any StateEngine, appID: String, random: RandomBits = RandomBits()) {
    self.rules = rules
    self.engine = engine
    self.random = random
    prefix = "\(appID)||"
  }

  func get(_ key: String, now: Int64) throws(DatabaseFailure) -> StateEntry? {
    try live(prefix + key, now)
  }

  private func live(_ name: String, _ now: Int64) throws(DatabaseFailure) -> StateEntry? {
    guard let entry = try engine.entry(name), entry.isLive(at: now) else { return nil }
    return entry
  }

  /// Makes each change by itself; refused ones do not affect the others.
  ///
  /// - Returns: The refusals, in order.
  /// - Throws: If the engine fails; then nothing was changed.
  mutating func save(_ requests: [StateRequest], now: Int64) throws(DatabaseFailure) -> [StateRefusal] {
    try grouped(now) { (store) throws(DatabaseFailure) in
      var refusals: [StateRefusal] = []
      for request in requests {
        if let refusal = try store.apply(request, now: now, inTransaction: false) { refusals.append(refusal) }
      }
      return refusals
    }
  }

  /// Makes all changes, or the ones that are not refused if the rules say so.
  ///
  /// - Returns: The first refusal; nil if all were made.
  /// - Throws: If the engine fails; then nothing was changed.
  mutating func transact(_ requests: [StateRequest], now: Int64) throws(DatabaseFailure) -> StateRefusal? {
    for request in requests {
      // Lifetimes are read before anything is sent to the store.
      if let refusal = invalidLifetime(of: request) { return refusal }
    }
    return try grouped(now) { (store) throws(DatabaseFailure) in
      var undo: [(name: String, entry: StateEntry?)] = []
      var first: StateRefusal?
      for request in requests {
        let name = store.prefix + request.key
        if store.rules.rollsBack { undo.append((name, try store.engine.entry(name))) }
        guard let refusal = try store.apply(request, now: now, inTransaction: true) else { continue }
        first = first ?? refusal
        if store.rules.rollsBack { break }
      }
      guard first != nil, store.rules.rollsBack else { return first }
      for (name, entry) in undo.reversed() {
        if let entry { try store.engine.put(entry, under: name) } else { try store.engine.remove(name) }
      }
      return first
    }
  }

  /// Runs changes as one group of the engine.
  private mutating func grouped<Result>(
    _ now: Int64, _ work: (inout StateStore) throws(DatabaseFailure) -> Result
  ) throws(DatabaseFailure) -> Result {
    try engine.begin()
    do {
      if now - swept > Self.sweepInterval {
        swept = now
        try engine.sweep(before: now)
      }
      let result = try work(&self)
      try engine.commit()
      return result
    } catch {
      engine.rollBack()
      throw error
    }
  }

  private mutating func apply(_ request: StateRequest, now: Int64, inTransaction: Bool) throws(DatabaseFailure) -> StateRefusal? {
    let name = prefix + request.key
    let entry = try live(name, now)
    if let refusal = invalidLifetime(of: request) { return refusal }
    if let refusal = rules.refusal(of: request, on: entry, name: name, inTransaction: inTransaction) { return refusal }
    guard let value = request.value else {
      try engine.remove(name)
      return nil
    }
    let version = rules.version(after: entry, &random)
    let isBinary = request.isSealed && rules.wrapsBinary
    try engine.put(
      StateEntry(value: value, version: version, expires: expiry(of: request, entry, now), isBinary: isBinary), under: name)
    return nil
  }

  private func invalidLifetime(of request: StateRequest) -> StateRefusal? {
    guard case .invalid(let text) = request.lifetime else { return nil }
    return .failed("failed to parse ttl from metadata: strconv.ParseInt: parsing \"\(text)\": invalid syntax")
  }

  private func expiry(of request: StateRequest, _ entry: StateEntry?, _ now: Int64) -> Int64? {
    switch request.lifetime {
    case .unsaid, .invalid: rules.keepsLifetime ? entry?.expires : nil
    case .endless: nil
    case .seconds(let seconds): now + seconds * 1000
    }
  }
}
