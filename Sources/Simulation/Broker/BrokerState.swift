/// What a simulated broker holds: queues, batches under way, and who waits for whom.
struct BrokerState: Sendable {
  /// A batch under way to a replica.
  struct Flight: Sendable {
    let serial: Int
    let queue: Int
    var messages: [Message]
    var tries = 0
    /// Counts deliveries, so that a late answer is known for one.
    var attempt = 0
    /// When the delivery that is under way began.
    var began: Int64 = 0
    /// Whom it is with; nil while it is with nobody.
    var replica: Int?
    /// The turn that it has taken.
    var turn: Turn?
  }

  /// The one bulk delivery that a sidecar has under way over a component.
  struct Turn: Hashable, Sendable {
    let component: String
    let replica: Int
  }

  /// What waits for one subscription in one partition.
  struct Queue: Sendable {
    let subscription: Subscription
    let partition: Int
    var waiting: [Message] = []
    var flights = 0
    /// Whether the next moment at which it looks is settled.
    var isTicking = false
  }

  var queues: [Queue] = []
  var flights: [Int: Flight] = [:]
  /// The flights that wait for a turn which another one has, in the order of asking; nobody waits where there is no entry.
  var lines: [Turn: [Int]] = [:]
  var serial = 0
  var attempts = 0
  var offsets: [Int: Int] = [:]
  /// When each event was put aside last, to be tried later, by serial.
  var deferred: [Int: Int64] = [:]
  var isClosed = false

  /// The queue that a message of a key stands in; nil where nobody takes the topic.
  func queue(of topic: String, key: String) -> Int? {
    let own = queues.indices.filter { queues[$0].subscription.topic == topic }
    guard let first = own.first else { return nil }
    return first + Int(key.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) } % UInt32(own.count))
  }

  /// The next offset of a queue.
  mutating func nextOffset(of queue: Int) -> Int {
    let offset = offsets[queue, default: 0]
    offsets[queue] = offset + 1
    return offset
  }

  /// Messages of a component that are with replicas or come again.
  func outstanding(of component: String) -> Int {
    flights.values.reduce(0) { $0 + (queues[$1.queue].subscription.component == component ? $1.messages.count : 0) }
  }

  /// Takes a turn for a flight, or stands in line for it.
  ///
  /// - Returns: Whether it has it now.
  mutating func takes(_ turn: Turn, for serial: Int) -> Bool {
    guard lines[turn] != nil else {
      lines[turn] = []
      flights[serial]?.turn = turn
      return true
    }
    lines[turn]?.append(serial)
    return false
  }

  /// Gives back the turn that a flight has.
  ///
  /// - Returns: The flight that is next.
  mutating func giveBack(_ serial: Int, _ turn: Turn) -> Int? {
    flights[serial]?.turn = nil
    let line = lines.removeValue(forKey: turn) ?? []
    guard let next = line.first else { return nil }
    lines[turn] = Array(line.dropFirst())
    flights[next]?.turn = turn
    return next
  }
}
