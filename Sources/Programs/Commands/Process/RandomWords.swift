internal import Glibc
internal import Synchronization

/// Random words from the system, fetched many at a time, because a system call for each id would be too expensive.
final class RandomWords: Sendable {
  private struct Store {
    var words = [UInt64](repeating: 0, count: 256)
    var left = 0
  }

  private let store = Mutex(Store())

  /// The next word; none is returned twice.
  func next() -> UInt64 {
    store.withLock { store in
      if store.left == 0 {
        store.words.withUnsafeMutableBytes { bytes in
          if let start = bytes.baseAddress { arc4random_buf(start, bytes.count) }
        }
        store.left = store.words.count
      }
      store.left -= 1
      return store.words[store.left]
    }
  }
}
