extension Plan {
  /// Messages of a publisher that knows nothing of the engine: text, bytes, nothing at all, or JSON that is not an object.
  private static let foreign: [[UInt8]] = [
    Array("hello".utf8), Array("[1,2,3]".utf8), Array(#""a text""#.utf8), [], [0, 0, 0, 0, 7, 2, 6, 0x66, 0x6F, 0x6F, 0xFF, 0xFE],
    Array("12".utf8),
  ]

  /// Adds messages that are not JSON objects to one world in three.
  ///
  /// Drawn with a generator of its own, so that the other worlds stay the same.
  mutating func drawForeignMessages() {
    let random = SeededGenerator(seed: seed ^ 0x6A09_E667_F3BC_C909)
    guard random.once(in: 3), !events.isEmpty else { return }
    for _ in 0..<random.draw(1..<6) {
      let term = terms[random.draw(0..<terms.count)]
      let moment = random.draw(term.start..<term.end)
      let topic = (WorldTopics.events + [WorldTopics.waitingRoom])[random.draw(0..<WorldTopics.events.count + 1)]
      // Not an event, but with some student's partition key.
      var content = EventContent(school: nil, student: events[random.draw(0..<events.count)].content.student)
      content.isSound = false
      inherent[.foreignMessage, default: 0] += 1
      if random.once(in: 6) {
        // A null message (a Kafka tombstone) is delivered like an event.
        events.append(PlannedEvent(at: moment, topic: topic, text: "null", form: .bare, content: content))
        continue
      }
      let bytes = Self.foreign[random.draw(0..<Self.foreign.count)]
      let text = "not an event: \(bytes.count) bytes"
      events.append(PlannedEvent(at: moment, topic: topic, text: text, form: .bare, content: content, foreign: bytes))
    }
  }
}
