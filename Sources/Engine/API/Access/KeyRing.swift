internal import DaprClient
internal import MasteryCore
internal import Synchronization

/// The current keys: those of the settings, reloaded when the file that holds them changes, or fetched from an identity provider.
///
/// An empty key set revokes all keys. A missing or torn file may be in the middle of a write: its former keys stay valid for a while, but
/// not forever. The keys of a provider that does not answer stay valid until it does.
final class KeyRing: Sendable {
  /// A finding about the public keys.
  enum Finding: Hashable, Sendable {
    /// The file cannot be read, or is not a JWK set; its former keys stay valid for `left` milliseconds.
    case unreadable(left: Int64)
    /// No key set can be fetched; former keys, if there are any, stay valid.
    case unfetched(keys: Int)
    /// The file has been unreadable for so long that its former keys are no longer valid.
    case expired
    /// The file was read: the number of usable keys, and the number of keys beyond the limit.
    case read(keys: Int, leftOut: Int)
  }

  /// Maximum bytes of a key set.
  private static let sizeLimit = 1 << 20
  /// Milliseconds between two checks of the file.
  static let pause: Int64 = 1_000
  /// Milliseconds for which the keys of an unreadable file stay valid.
  private static let patience: Int64 = 5 * 60_000

  private struct State {
    var keys: KeySet
    /// Increases with every change, so that tokens verified with former keys can be dropped.
    var generation = 0
    /// The stamp of the file that the keys came from; nil if they came from none.
    var stamp: FileStamp?
    var lookedAt: Timestamp?
    /// Since when the file has been unreadable; nil while it is readable.
    var unreadableSince: Timestamp?
    /// The finding made at initialisation.
    var first: Finding?
    var fetch = KeyFetch()
    /// The set that was fetched last.
    var fetched: [UInt8]?
  }

  private let secret: String?
  private let source: KeySource?
  private let tell: @Sendable (Finding, Timestamp) -> Void
  private let state: Mutex<State>

  /// Creates a key ring from a secret and a JWK set.
  ///
  /// - Parameters:
  ///   - secret: The secret; nil for none.
  ///   - jwks: The set, or where it is; nil for none.
  ///   - tell: Called with a finding each time the set changes and at each failed check.
  init(secret: String?, jwks: String?, tell: @escaping @Sendable (Finding, Timestamp) -> Void = { _, _ in }) {
    self.secret = secret
    self.tell = tell
    source = jwks.map(KeySource.init)
    var stamp: FileStamp?
    if case .file(let path) = source { stamp = FileStamp(of: path) }
    let read = source?.bytes(limit: Self.sizeLimit).flatMap { KeySet(secret: secret, jwks: $0) }
    state = Mutex(
      State(
        keys: read ?? KeySet(secret: secret), stamp: read == nil ? nil : stamp,
        first: read.map { .read(keys: $0.publicKeys, leftOut: $0.leftOut) }))
  }

  /// Whether the keys are where they have to be looked for regularly.
  var isWatched: Bool {
    switch source {
    case .file, .endpoint: true
    case .text, nil: false
    }
  }

  /// Why a setting holds no usable keys; nil if it does.
  static func fault(of jwks: String) -> String? {
    let source = KeySource(jwks)
    if let fault = source.fault { return fault }
    if case .endpoint = source { return nil }
    guard let bytes = source.bytes(limit: sizeLimit) else {
      return "must be a JWK set, the path of a file that holds one and can be read, or dapr:name/path of an HTTPEndpoint"
    }
    let keys = KeySet(secret: nil, jwks: bytes)?.publicKeys ?? 0
    return keys == 0 ? "must be a JWK set with at least one RSA key of 2048 bits or P-256 key" : nil
  }

  /// The current keys and the generation number.
  func keys(now: Timestamp) -> (keys: KeySet, generation: Int) {
    let (keys, generation, findings) = state.withLock { state in
      var findings = [state.first].compactMap(\.self)
      state.first = nil
      if case .file(let path) = source, state.lookedAt.map({ now < $0 || now >= $0.adding(milliseconds: Self.pause) }) ?? true {
        state.lookedAt = now
        if let finding = look(at: path, &state, now) { findings.append(finding) }
      }
      return (state.keys, state.generation, findings)
    }
    for finding in findings { tell(finding, now) }
    return (keys, generation)
  }

  /// Records that a token names a key that is not there.
  ///
  /// - Returns: Whether the keys are fetched at once, so that the same token may be good in a moment.
  func isFetching(for now: Timestamp) -> Bool {
    guard case .endpoint = source else { return false }
    return state.withLock { $0.fetch.want(now) }
  }

  /// Fetches the keys if it is time, or looks at their file.
  func look(through sidecar: any Sidecar, now: Timestamp) async {
    guard case .endpoint(let name, let path) = source else {
      _ = keys(now: now)
      return
    }
    let isDue = state.withLock { state in
      guard state.fetch.isDue(now) else { return false }
      state.fetch.began(now)
      return true
    }
    if isDue { tell(take(await KeyFetch.bytes(from: name, path, through: sidecar)), now) }
  }

  /// Takes what a provider answered.
  private func take(_ bytes: [UInt8]?) -> Finding {
    state.withLock { state in
      let keys = bytes.flatMap { $0.count > Self.sizeLimit ? nil : KeySet(secret: secret, jwks: $0) }
      state.fetch.ended(keys != nil)
      guard let keys else { return .unfetched(keys: state.keys.publicKeys) }
      if bytes != state.fetched {
        state.keys = keys
        state.fetched = bytes
        state.generation += 1
      }
      return .read(keys: keys.publicKeys, leftOut: keys.leftOut)
    }
  }

  /// Reloads the file if it has changed.
  private func look(at path: String, _ state: inout State, _ now: Timestamp) -> Finding? {
    let stamp = FileStamp(of: path)
    if let stamp, stamp == state.stamp {
      state.unreadableSince = nil
      return nil
    }
    guard let stamp, let bytes = FileStamp.bytes(of: path, limit: Self.sizeLimit), let keys = KeySet(secret: secret, jwks: bytes) else {
      return wait(&state, now)
    }
    state.keys = keys
    state.stamp = stamp
    state.unreadableSince = nil
    state.generation += 1
    return .read(keys: keys.publicKeys, leftOut: keys.leftOut)
  }

  /// Keeps the former keys valid for a while.
  private func wait(_ state: inout State, _ now: Timestamp) -> Finding {
    let since = state.unreadableSince.map { min($0, now) } ?? now
    state.unreadableSince = since
    let left = Self.patience - (now.milliseconds - since.milliseconds)
    guard left <= 0 else { return .unreadable(left: left) }
    // Any file that appears there again is read, even an unchanged one.
    state.stamp = nil
    if state.keys.publicKeys > 0 {
      state.keys = KeySet(secret: secret)
      state.generation += 1
    }
    return .expired
  }
}
