internal import Synchronization

/// The live replicas of a world, in the order in which they started.
final class ReplicaSet: Sendable {
  private let replicas = Mutex<[Replica]>([])

  var all: [Replica] { replicas.withLock { $0 } }

  func add(_ replica: Replica) { replicas.withLock { $0.append(replica) } }

  func remove(_ replica: Replica) { replicas.withLock { $0.removeAll { $0 === replica } } }

  func removeAll() { replicas.withLock { $0 = [] } }

  /// The replica at that index, modulo their number; nil if none is alive.
  func pick(_ index: Int) -> Replica? {
    replicas.withLock { $0.isEmpty ? nil : $0[index % $0.count] }
  }

  /// The replica at that index, modulo their number, among those that can receive deliveries; nil if none can.
  func pick(_ index: Int, where isReached: (_ number: Int) -> Bool) -> Replica? {
    let reached = all.filter { isReached($0.number) }
    return reached.isEmpty ? nil : reached[index % reached.count]
  }
}
