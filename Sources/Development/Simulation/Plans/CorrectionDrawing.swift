internal import NaiveMastery

extension Plan {
  /// Corrects some events and takes some back, in the worlds with courses.
  ///
  /// Corrections come in any order, more than once, and before what they correct. What is long ago is taken back more often, so that days before the
  /// cutoff change too. Drawn with a generator of its own, so that the other worlds stay the same.
  mutating func drawCorrections() {
    guard Self.hasCourses(seed: seed) else { return }
    let random = SeededGenerator(seed: seed ^ 0xBB67_AE85_84CA_A73B)
    for event in events where Self.isCorrectable(event) {
      guard let milliseconds = event.content.milliseconds else { continue }
      let isLongAgo = milliseconds < start - 60 * 86_400_000
      guard isLongAgo || random.once(in: 3) else { continue }
      let term = terms.last { $0.start <= event.at } ?? terms[0]
      // Before the event itself, but not much before it has happened.
      let moments = min(max(term.start, Int(milliseconds - start) - Self.ahead), term.end)..<term.end
      guard !moments.isEmpty else { continue }
      for _ in 0..<random.draw(1..<4) {
        let moment = random.draw(moments)
        let correction = correction(of: event, at: moment, isRetracted: random.once(in: isLongAgo ? 2 : 3), random)
        events.append(correction)
        inherent[correction.content.isRetracted ? .eventRetracted : .eventCorrected, default: 0] += 1
        guard random.once(in: 4) else { continue }
        var again = correction
        again.at = random.draw(moments)
        events.append(again)
        inherent[.publishedTwice, default: 0] += 1
      }
    }
  }

  /// How far an event may be ahead of its publication, in milliseconds.
  private static let ahead = 4 * 60_000

  /// Whether an event has an id and a time that a correction can repeat, and something to correct.
  private static func isCorrectable(_ event: PlannedEvent) -> Bool {
    let content = event.content
    return content.isSound && content.id != nil && content.milliseconds != nil && !content.parts.isEmpty && event.foreign == nil
  }

  private func correction(of event: PlannedEvent, at moment: Int, isRetracted: Bool, _ random: SeededGenerator) -> PlannedEvent {
    var content = event.content
    content.correction = random.once(in: 12) ? Int(Int32.max) : random.draw(1..<4)
    content.isRetracted = isRetracted
    if random.once(in: 4) { content.cohort = [nil, "c-1", "c-2"][random.draw(0..<3)] }
    if random.once(in: 4) { content.source = [nil, "lms"][random.draw(0..<2)] }
    if random.once(in: 10) { content.place = PlaceDrawing.place(random) }
    var body = EventBody(random)
    let type = body.correction(of: &content)
    let form = PlannedEvent.Form.published[random.draw(0..<PlannedEvent.Form.published.count)]
    return PlannedEvent(at: moment, topic: event.topic, text: body.text(type, content), form: form, content: content)
  }
}
