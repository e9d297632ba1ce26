internal import Glibc
internal import MasteryCore
internal import Synchronization

/// The current keys: those of the settings, reloaded when the file that holds them changes.
///
/// A file with an empty key set revokes all keys. A missing or torn file may be in the middle of a write: its former keys stay valid for a
/// while, but not forever.
final class KeyRing: Sendable {
  /// A finding about the key file.
  enum Finding: Hashable, Sendable {
    /// The file cannot be read, or is not a JWK set; its former keys stay valid for `left` milliseconds.
    case unreadable(left: Int64)
    /// The file has been unreadable for so long that its former keys are no longer valid.
    case expired
    /// The file was read: the number of usable keys, and the number of keys beyond the limit.
    case read(keys: Int, leftOut: Int)
  }

  /// Maximum bytes of a key file.
  private static let fileLimit = 1 << 20
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
  }

  private let secret: String?
  private let path: String?
  private let tell: @Sendable (Finding, Timestamp) -> Void
  private let state: Mutex<State>

  /// Creates a key ring from a secret and a JWK set.
  ///
  /// - Parameters:
  ///   - secret: The secret; nil for none.
  ///   - jwks: The set, as text or as the path of a file that holds it; nil for none.
  ///   - tell: Called with a finding each time the file changes and at each failed check.
  init(secret: String?, jwks: String?, tell: @escaping @Sendable (Finding, Timestamp) -> Void = { _, _ in }) {
    self.secret = secret
    self.tell = tell
    path = jwks.flatMap { Self.isText($0) ? nil : $0 }
    let stamp = path.flatMap { FileStamp(of: $0) }
    let bytes = path.map { FileStamp.bytes(of: $0, limit: Self.fileLimit) } ?? jwks.map { Array($0.utf8) }
    let read = bytes.flatMap { KeySet(secret: secret, jwks: $0) }
    state = Mutex(
      State(
        keys: read ?? KeySet(secret: secret), stamp: read == nil ? nil : stamp,
        first: read.map { .read(keys: $0.publicKeys, leftOut: $0.leftOut) }))
  }

  /// Whether the keys are in a file that has to be checked regularly.
  var isWatched: Bool { path != nil }

  /// Why a setting holds no usable keys; nil if it does.
  static func fault(of jwks: String) -> String? {
    let bytes = isText(jwks) ? Array(jwks.utf8) : FileStamp.bytes(of: jwks, limit: fileLimit)
    guard let bytes else { return "must be a JWK set, or the path of a file that holds one and can be read" }
    let keys = KeySet(secret: nil, jwks: bytes)?.publicKeys ?? 0
    return keys == 0 ? "must be a JWK set with at least one RSA key of 2048 bits or P-256 key" : nil
  }

  private static func isText(_ jwks: String) -> Bool { jwks.utf8.first { $0 > 0x20 } == UInt8(ascii: "{") }

  /// The current keys and the generation number.
  func keys(now: Timestamp) -> (keys: KeySet, generation: Int) {
    let (keys, generation, findings) = state.withLock { state in
      var findings = [state.first].compactMap(\.self)
      state.first = nil
      if let path, state.lookedAt.map({ now < $0 || now >= $0.adding(milliseconds: Self.pause) }) ?? true {
        state.lookedAt = now
        if let finding = look(at: path, &state, now) { findings.append(finding) }
      }
      return (state.keys, state.generation, findings)
    }
    for finding in findings { tell(finding, now) }
    return (keys, generation)
  }

  /// Reloads the file if it has changed.
  private func look(at path: String, _ state: inout State, _ now: Timestamp) -> Finding? {
    let stamp = FileStamp(of: path)
    if let stamp, stamp == state.stamp {
      state.unreadableSince = nil
      return nil
    }
    guard let stamp, let bytes = FileStamp.bytes(of: path, limit: Self.fileLimit), let keys = KeySet(secret: secret, jwks: bytes) else {
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
