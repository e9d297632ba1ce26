/// Turns in the order of arrival.
struct Line: Sendable {
  private var turns: [ConsumerGroup.Turn] = []
  private var head = 0

  var isEmpty: Bool { head == turns.count }

  mutating func append(_ turn: ConsumerGroup.Turn) {
    turns.append(turn)
  }

  mutating func popFirst() -> ConsumerGroup.Turn? {
    guard head < turns.count else { return nil }
    let turn = turns[head]
    head += 1
    if head > 256, head * 2 > turns.count {
      turns.removeFirst(head)
      head = 0
    }
    return turn
  }

  /// Removes those in line for a topic.
  mutating func leave(_ topic: Int) {
    turns = turns[head...].filter { $0.partition.topic != topic }
    head = 0
  }
}
