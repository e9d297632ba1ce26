/// The state of a simulated broker: queues, batches in flight, and who waits for whom.
struct BrokerState: Sendable {
  /// A batch in flight to a replica.
  struct Flight: Sendable {
    let serial: Int
    let queue: Int
    var messages: [Message]
    var tries = 0
    /// Counts deliveries, so that a late answer is recognised.
    var attempt = 0
    /// When the current delivery began.
    var began: Int64 = 0
    /// The replica that has it; nil while none has.
    var replica: Int?
    /// The turn that it holds.
    var turn: Turn?
  }

  /// The one bulk delivery that a sidecar has in flight over a component.
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
    /// Whether its next wake-up is already scheduled.
    var isTicking = false
  }

  var queues: [Queue] = []
  var flights: [Int: Flight] = [:]
  /// Flights that wait for a turn that another one holds, in the order of asking; an entry exists only while some wait.
  var lines: [Turn: [Int]] = [:]
  var serial = 0
  var attempts = 0
  var offsets: [Int: Int] = [:]
  /// When each event was last put aside for a later try, by serial.
  var deferred: [Int: Int64] = [:]
  /// What is known about the copies of an event that was put aside.
  struct Copies {
    var latest: Message.Copy
    /// The latest time by which the event was judged.
    var judgedAt: Int64
    /// Whether one of them was acknowledged for another reason than a later copy.
    var isWorkedOff = false
  }

  /// The copies of each event that was put aside.
  private(set) var copies: [String: Copies] = [:]
  var isClosed = false

  /// Records a copy.
  ///
  /// - Parameters:
  ///   - copy: The copy.
  ///   - said: By what time the event was judged, according to the copy.
  ///   - clock: The clock of the replica that put it aside.
  /// - Returns: By what time it was judged, as far as that is allowed.
  mutating func note(_ copy: Message.Copy, judgedAt said: Int64, by clock: Int64) -> Int64 {
    let known = copies[copy.event]
    let judgedAt = min(said, max(clock, known?.judgedAt ?? clock))
    var copies = known ?? Copies(latest: copy, judgedAt: judgedAt)
    if copy.supersedes(copies.latest) { copies.latest = copy }
    copies.judgedAt = max(copies.judgedAt, judgedAt)
    self.copies[copy.event] = copies
    return judgedAt
  }

  /// Records that a message was acknowledged, and not because it was put aside once more.
  mutating func workOff(_ message: Message) {
    if let copy = message.parcel?.copy { copies[copy.event]?.isWorkedOff = true }
  }

  /// Whether a replica may drop a message, since the broker has a later copy of it.
  func isSuperseded(_ message: Message) -> Bool {
    guard let copy = message.parcel?.copy else { return false }
    return copies[copy.event]?.latest.supersedes(copy) ?? false
  }

  /// The queue for a message with a key; nil if nobody subscribes to the topic.
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

  /// Takes a turn for a flight, or queues for it.
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

  /// Gives back the turn of a flight.
  ///
  /// - Returns: The next flight.
  mutating func giveBack(_ serial: Int, _ turn: Turn) -> Int? {
    flights[serial]?.turn = nil
    let line = lines.removeValue(forKey: turn) ?? []
    guard let next = line.first else { return nil }
    lines[turn] = Array(line.dropFirst())
    flights[next]?.turn = turn
    return next
  }
}
