internal import Glibc
internal import MasteryCore
internal import Synchronization

/// The keys in force: those of the settings, read again when the file that holds them changes.
final class KeyRing: Sendable {
  /// Most bytes of a file of keys.
  private static let fileLimit = 1 << 20
  /// Milliseconds between two looks at the file.
  private static let pause: Int64 = 1_000

  private struct State {
    var keys: KeySet
    /// Rises with every change, so that what was verified by former keys can be forgotten.
    var generation = 0
    var stamp: FileStamp?
    var lookedAt: Timestamp?
  }

  private let secret: String?
  private let path: String?
  private let state: Mutex<State>

  /// The keys of a secret and of a JWK set, given as its text or as the path of a file that holds it.
  init(secret: String?, jwks: String?) {
    self.secret = secret
    guard let jwks, !Self.isText(jwks) else {
      path = nil
      state = Mutex(State(keys: jwks.flatMap { KeySet(secret: secret, jwks: Array($0.utf8)) } ?? KeySet(secret: secret)))
      return
    }
    path = jwks
    let stamp = FileStamp(of: jwks)
    let read = FileStamp.bytes(of: jwks, limit: Self.fileLimit).flatMap { KeySet(secret: secret, jwks: $0) }
    state = Mutex(State(keys: read ?? KeySet(secret: secret), stamp: read == nil ? nil : stamp))
  }

  /// Why a setting holds no keys that can be used; nil when it does.
  static func fault(of jwks: String) -> String? {
    let bytes = isText(jwks) ? Array(jwks.utf8) : FileStamp.bytes(of: jwks, limit: fileLimit)
    guard let bytes else { return "must be a JWK set, or the path of a file that holds one and can be read" }
    return KeySet(secret: nil, jwks: bytes) == nil ? "must be a JWK set with at least one RSA key of 2048 bits or P-256 key" : nil
  }

  private static func isText(_ jwks: String) -> Bool { jwks.utf8.first { $0 > 0x20 } == UInt8(ascii: "{") }

  /// The keys now, and how often they have changed.
  func keys(now: Timestamp) -> (keys: KeySet, generation: Int) {
    state.withLock { state in
      if let path, state.lookedAt.map({ now < $0 || now >= $0.adding(milliseconds: Self.pause) }) ?? true {
        state.lookedAt = now
        look(at: path, &state)
      }
      return (state.keys, state.generation)
    }
  }

  /// Reads the file where it has changed; one that cannot be read now, or holds no keys, leaves the former ones in force.
  private func look(at path: String, _ state: inout State) {
    guard let stamp = FileStamp(of: path), stamp != state.stamp,
      let bytes = FileStamp.bytes(of: path, limit: Self.fileLimit), let keys = KeySet(secret: secret, jwks: bytes)
    else { return }
    state.keys = keys
    state.stamp = stamp
    state.generation += 1
  }
}

/// What tells that a file was written or replaced.
struct FileStamp: Hashable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// The stamp of the file that a path leads to now; nil when there is none.
  init?(of path: String) {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    device = UInt(found.st_dev)
    inode = UInt(found.st_ino)
    size = Int(found.st_size)
    seconds = found.st_mtim.tv_sec
    nanoseconds = found.st_mtim.tv_nsec
  }

  /// A file's bytes; nil when it cannot be read or has more than the limit.
  static func bytes(of path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(descriptor, &piece, piece.count)
      guard count >= 0, bytes.count + count <= limit else { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: piece[..<count])
    }
  }
}
