internal import DaprClient
internal import JSON
internal import Synchronization

/// An in-memory state store that behaves like one of the recorded stores and remembers every write.
public final class SimulatedStore: Sendable {
  /// A value in the store.
  public struct Stored: Sendable, Hashable {
    /// Its bytes: a document's text if it is one.
    public var value: [UInt8]
    /// The form in which they are stored.
    public var form = StoredForm.text
    /// Whether they are the text of a JSON object or array.
    var isDocument = true
    /// Its ETag.
    public var etag: String
    /// The lifetime it was saved with, in seconds; nil if none was sent.
    public var secondsToLive: Int?
    /// When it expires, in milliseconds since 1970; nil for never.
    var endsAt: Int64?
  }

  /// A write that took place.
  struct Write: Sendable {
    let key: String
    let value: [UInt8]
    /// Milliseconds since 1970.
    let at: Int64
    /// When it expires unless it is overwritten first, in milliseconds since 1970; nil for never.
    let endsAt: Int64?
    /// Whether it bypassed the sidecar.
    let isForeign: Bool
  }

  fileprivate struct State {
    var values: [String: Stored] = [:]
    var writes: [Write] = []
    var lastETag = 0
  }

  /// The store that it behaves like.
  public let profile: StoreProfile
  /// Whether its component names an encryption key.
  public let isEncrypted: Bool
  private let state = Mutex(State())
  private let now: @Sendable () -> Int64

  /// Creates an empty store.
  ///
  /// - Parameters:
  ///   - profile: The store that it behaves like.
  ///   - isEncrypted: Whether its component names an encryption key.
  ///   - now: The store's own clock, in milliseconds since 1970.
  public init(_ profile: StoreProfile = .memory, isEncrypted: Bool = false, now: @escaping @Sendable () -> Int64 = { 0 }) {
    self.profile = profile
    self.isEncrypted = isEncrypted
    self.now = now
  }

  /// The value at a key.
  public func stored(_ key: String) -> Stored? {
    let now = now()
    return state.withLock { $0.standing(key, now) }
  }

  /// The keys with a value, in order.
  public var keys: [String] {
    let now = now()
    return state.withLock { state in state.values.keys.sorted().filter { state.standing($0, now) != nil } }
  }

  /// Every write that took place, in order.
  var writes: [Write] { state.withLock { $0.writes } }

  /// Writes a value without conditions, as another writer would.
  public func put(_ value: [UInt8], at key: String, as form: StoredForm = .text) { put(value, at: key, as: form, isForeign: true) }

  /// Writes a value without conditions, as another writer or as a replica; keeps the expiry of the value that it replaces.
  func put(_ value: [UInt8], at key: String, as form: StoredForm = .text, isForeign: Bool) {
    let now = now()
    // An encrypted store formats a value as Go does; Redis rounds its numbers to six decimals.
    let kept =
      if form == .object, isEncrypted { Array("map[evidence:map[baseline:map[] cut:1]]".utf8) } else {
        form == .object && profile == .redis ? RedisNumbers.rounded(value) : value
      }
    state.withLock { state in
      let endsAt = state.standing(key, now)?.endsAt
      state.write(SaveItem(key: key, value: kept, condition: .always), form, now, profile, endsAt: endsAt, isForeign: isForeign)
    }
  }

  /// Saves a value if its condition holds.
  ///
  /// - Returns: The failure; nil if the value was saved.
  func save(_ item: SaveItem) -> SidecarFailure? {
    let now = now()
    return state.withLock { state in
      let standing = state.standing(item.key, now)
      switch item.condition {
      case .always: break
      case .absent:
        if standing != nil { return profile.failsFirstWrites ? Self.cannotSave : Self.conflict }
      case .matches(let etag):
        guard let standing else {
          if profile.writesUnderLostETags { break }
          return Self.conflict
        }
        if standing.etag != etag { return Self.conflict }
      }
      let endsAt = item.secondsToLive.flatMap { $0 > 0 ? now + Int64($0) * 1_000 : nil }
      state.write(item, .text, now, profile, endsAt: endsAt, isForeign: false)
      return nil
    }
  }

  /// Removes a value if its ETag still matches; a missing value is not a failure.
  func delete(_ key: String, etag: String?) -> SidecarFailure? {
    let now = now()
    return state.withLock { state in
      if let etag, let standing = state.standing(key, now), standing.etag != etag { return Self.conflict }
      state.values[key] = nil
      return nil
    }
  }

  /// The sidecar's failure if the store cannot save.
  static let cannotSave = SidecarFailure.failed(status: 500, code: "ERR_STATE_SAVE", message: "failed saving state in state store")
  private static let conflict = SidecarFailure.conflict(code: "ERR_STATE_SAVE", message: "possible etag mismatch")
}

extension SimulatedStore.State {
  /// The value at a key, if it has not expired.
  fileprivate func standing(_ key: String, _ now: Int64) -> SimulatedStore.Stored? {
    guard let stored = values[key], stored.endsAt.map({ now < $0 }) ?? true else { return nil }
    return stored
  }

  fileprivate mutating func write(
    _ item: SaveItem, _ form: StoredForm, _ now: Int64, _ profile: StoreProfile, endsAt: Int64?, isForeign: Bool
  ) {
    lastETag += 1
    let etag = profile.countsWrites ? (standing(item.key, now).flatMap { Int($0.etag) } ?? 0) + 1 : lastETag
    values[item.key] = SimulatedStore.Stored(
      value: item.value, form: form, isDocument: Self.isDocument(item.value), etag: profile.countsWrites ? "\(etag)" : "etag-\(etag)",
      secondsToLive: item.secondsToLive, endsAt: endsAt)
    writes.append(SimulatedStore.Write(key: item.key, value: item.value, at: now, endsAt: endsAt, isForeign: isForeign))
  }
  private static func isDocument(_ bytes: [UInt8]) -> Bool {
    (try? JSONDocument.parse(bytes) { (root) throws(Never) in root.kind == .object || root.kind == .array }) ?? false
  }
}
