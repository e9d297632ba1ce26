internal import CSimdJSON
internal import Synchronization

/// Parsers kept for the next document, so that a parse allocates nothing.
///
/// Bounded: at most eight parsers, and one that met a text over 2 MiB is dropped, since its buffers are about ten times that.
struct ParserPool: ~Copyable {
  static let shared = ParserPool()

  private let free = Mutex<[PooledParser]>([])
  private let most = 8
  private let largest = 2 << 20

  func take() -> PooledParser? {
    free.withLock { $0.popLast() } ?? PooledParser()
  }

  func giveBack(_ parser: PooledParser, used bytes: Int) {
    guard bytes <= largest else { return }
    free.withLock { if $0.count < most { $0.append(parser) } }
  }
}
