internal import Synchronization

/// The replicas of a world that are alive, in the order in which they began.
final class ReplicaSet: Sendable {
  private let replicas = Mutex<[Replica]>([])

  /// Those that are alive.
  var all: [Replica] { replicas.withLock { $0 } }

  func add(_ replica: Replica) { replicas.withLock { $0.append(replica) } }

  func remove(_ replica: Replica) { replicas.withLock { $0.removeAll { $0 === replica } } }

  func removeAll() { replicas.withLock { $0 = [] } }

  /// The replica of that place, counted round and round; nil when none is alive.
  func pick(_ place: Int) -> Replica? {
    replicas.withLock { $0.isEmpty ? nil : $0[place % $0.count] }
  }

  /// Whom a delivery goes to: the one that has its partition, or anyone.
  func pick(for flight: SimulatedBroker.Flight, _ ordering: Plan.Ordering) -> Replica? {
    // A delivery that goes nowhere is taken over by another one after some tries.
    pick(ordering == .partitions ? flight.queue + flight.tries / 8 : flight.serial + flight.tries)
  }
}
