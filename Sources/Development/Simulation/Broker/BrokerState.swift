/// The state of a simulated broker: queues, batches in flight, and which of them wait for others.
struct BrokerState: Sendable {
  /// A batch in flight to a replica.
  struct Flight: Sendable {
    let serial: Int
    let queue: Int
    var messages: [Message]
    var tries = 0
    /// The number of the current attempt, by which late answers to earlier ones are recognised.
    var attempt = 0
    /// When the current attempt began.
    var began: Int64 = 0
    /// The replica that processes it; nil if none does.
    var replica: Int?
    /// The turn that it holds.
    var turn: Turn?
  }

  /// A sidecar's turn to have its one bulk delivery of a component in flight.
  struct Turn: Hashable, Sendable {
    let component: String
    let replica: Int
  }

  /// The messages that wait for one subscription in one partition.
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
  /// The flights that wait for each held turn, in the order of their requests; a turn that is not held has no entry.
  var lines: [Turn: [Int]] = [:]
  var serial = 0
  var attempts = 0
  var offsets: [Int: Int] = [:]
  /// When each event was last deferred, by serial number.
  var deferred: [Int: Int64] = [:]
  /// What is known about the copies of a deferred event.
  struct Copies {
    var latest: Message.Copy
    /// The latest clock time at which a replica judged the event.
    var judgedAt: Int64
    /// Whether one of them was acknowledged for a reason other than a later copy.
    var isWorkedOff = false
  }

  /// The copies of each deferred event.
  private(set) var copies: [String: Copies] = [:]
  var isClosed = false

  /// Records a copy.
  ///
  /// - Parameters:
  ///   - copy: The copy.
  ///   - said: The clock time at which the event was judged, according to the copy.
  ///   - clock: The clock of the replica that deferred it.
  /// - Returns: That time, capped at the replica's clock or the latest known judgement, whichever is later.
  mutating func note(_ copy: Message.Copy, judgedAt said: Int64, by clock: Int64) -> Int64 {
    let known = copies[copy.event]
    let judgedAt = min(said, max(clock, known?.judgedAt ?? clock))
    var copies = known ?? Copies(latest: copy, judgedAt: judgedAt)
    if copy.supersedes(copies.latest) { copies.latest = copy }
    copies.judgedAt = max(copies.judgedAt, judgedAt)
    self.copies[copy.event] = copies
    return judgedAt
  }

  /// Records that a message was acknowledged for a reason other than being deferred again.
  mutating func workOff(_ message: Message) {
    if let copy = message.parcel?.copy { copies[copy.event]?.isWorkedOff = true }
  }

  /// Whether a replica may drop a message because the broker has a later copy of it.
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

  mutating func nextOffset(of queue: Int) -> Int {
    let offset = offsets[queue, default: 0]
    offsets[queue] = offset + 1
    return offset
  }

  /// The number of a component's messages that are in flight, including those that wait for redelivery.
  func outstanding(of component: String) -> Int {
    flights.values.reduce(0) { $0 + (queues[$1.queue].subscription.component == component ? $1.messages.count : 0) }
  }

  /// Takes a turn for a flight, or queues the flight for it.
  ///
  /// - Returns: Whether the flight holds the turn now.
  mutating func takes(_ turn: Turn, for serial: Int) -> Bool {
    guard lines[turn] != nil else {
      lines[turn] = []
      flights[serial]?.turn = turn
      return true
    }
    lines[turn]?.append(serial)
    return false
  }

  /// Releases the turn of a flight.
  ///
  /// - Returns: The flight that holds the turn now; nil if none waited.
  mutating func giveBack(_ serial: Int, _ turn: Turn) -> Int? {
    flights[serial]?.turn = nil
    let line = lines.removeValue(forKey: turn) ?? []
    guard let next = line.first else { return nil }
    lines[turn] = Array(line.dropFirst())
    flights[next]?.turn = turn
    return next
  }
}
