/// The arrivals of a load that have not ended.
struct Flights {
  struct Flight {
    let due: Int
    /// When it was first sent; nil while it waits for a connection.
    var sent: Int?
    var attempts = 0
  }

  private let deadline: Int
  private var flights: [Int: Flight] = [:]
  /// Arrivals in their order, of which the first are the first to be overdue; some have ended.
  private var order: [Int] = []
  private var first = 0
  /// Arrivals that wait for a connection, in their order.
  private var waiting: [Int] = []
  private var nextWaiter = 0

  init(deadline: Int) { self.deadline = deadline }

  var isEmpty: Bool { flights.isEmpty }

  subscript(index: Int) -> Flight? { flights[index] }

  mutating func add(_ index: Int, due: Int) {
    flights[index] = Flight(due: due)
    order.append(index)
  }

  /// Counts an attempt to send an arrival.
  mutating func attempt(_ index: Int, _ now: Int) {
    flights[index]?.attempts += 1
    if flights[index]?.sent == nil { flights[index]?.sent = now }
  }

  mutating func remove(_ index: Int) -> Flight? { flights.removeValue(forKey: index) }

  /// How many wait for a connection, ended ones among them.
  var waiters: Int { waiting.count - nextWaiter }

  /// Lets an arrival wait for a connection.
  mutating func wait(_ index: Int) { waiting.append(index) }

  /// Takes the first arrival that waits for a connection and has not ended.
  mutating func nextWaiting() -> Int? {
    while nextWaiter < waiting.count {
      let index = waiting[nextWaiter]
      nextWaiter += 1
      if nextWaiter == waiting.count { (waiting, nextWaiter) = ([], 0) }
      if flights[index] != nil { return index }
    }
    return nil
  }

  /// The arrivals whose deadline has passed.
  mutating func overdue(_ now: Int) -> [Int] {
    var found: [Int] = []
    while first < order.count {
      guard let flight = flights[order[first]] else {
        first += 1
        continue
      }
      guard flight.due + deadline <= now else { break }
      found.append(order[first])
      first += 1
    }
    if first > 4_096, first * 2 > order.count {
      order.removeFirst(first)
      first = 0
    }
    return found
  }
}
