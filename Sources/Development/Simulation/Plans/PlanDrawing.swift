extension Plan {
  private static let second = 1_000
  private static let minute = 60_000
  private static let day = 86_400_000
  /// Noon of 15 March 2026.
  private static let noon: Int64 = 1_773_576_000_000

  /// Draws a plan.
  ///
  /// - Parameters:
  ///   - seed: The seed.
  ///   - course: Real events to use instead of generated ones.
  public init(seed: UInt64, course: Course? = nil) {
    let random = SeededGenerator(seed: seed)
    // Any hour, so that days may also change while events arrive.
    let start = (course?.start ?? Self.noon) + Int64(random.draw(0..<24)) * 3_600_000
    let span = [3 * Self.second, 2 * Self.minute, 30 * Self.minute, 6 * 60 * Self.minute][random.draw(0..<4)]
    let ordering: Ordering = random.once(in: 3) ? .loose : .partitions
    let replicas = [1, 2, 2, 3][random.draw(0..<4)]
    var terms = [Term(start: 0, end: span)]
    let hasBreak = random.once(in: 5)
    if hasBreak {
      let start = span + 95 * Self.day
      terms.append(Term(start: start, end: start + span))
    }
    let (profile, isEncrypted) = (StoreProfile.allCases[random.draw(0..<StoreProfile.allCases.count)], random.once(in: 2))
    let partitions = random.draw(1..<4)
    let (batch, wait, concurrency) = (random.once(in: 6) ? 1 : random.draw(2..<13), random.draw(1..<300), 25 * random.draw(4..<40))
    let hasOwnComponent = !random.once(in: 4)
    self.init(
      seed: seed, start: start, profile: profile, isEncrypted: isEncrypted, ordering: ordering, partitions: partitions, batch: batch,
      wait: wait,
      // Each waiting event or dead letter occupies a slot of its component, so there are hundreds, as the documentation advises.
      concurrency: concurrency, hasOwnComponent: hasOwnComponent, terms: terms,
      clocks: Array(repeating: 0, count: replicas), events: [], requests: [], incidents: [])
    if hasBreak { inherent[.longBreak] = 1 }
    drawClocks(random)
    drawEvents(random, course)
    drawRequests(random)
    drawIncidents(random)
    drawRights()
    drawCohorts()
    drawForeignMessages()
    if course == nil { drawCorrections() }
    // By chance of its own, so that nothing else of a world depends on it.
    spreadsTopics = SeededGenerator(seed: seed &+ 0x5EED_C0DE).once(in: 8)
  }

  private mutating func drawClocks(_ random: SeededGenerator) {
    let minute = Int64(Self.minute)
    let year = 365 * Int64(Self.day)
    // If deliveries have no time and documents expire, only correct clocks can tell lives apart.
    let kinds = ordering == .loose && terms.count > 1 ? 2 : 4
    for replica in clocks.indices where random.once(in: 2) {
      let seconds = Int64(random.draw(1..<60)) * 1_000
      let (fault, ahead): (Fault, Int64) =
        switch random.draw(0..<kinds) {
        case 0: (.clockAhead, min(seconds, minute))
        case 1: (.clockBehind, -min(seconds, minute))
        case 2: (.clockYearAhead, year)
        default: (.clockYearBehind, -year)
        }
      clocks[replica] = ahead
      inherent[fault, default: 0] += 1
    }
  }

  private mutating func drawEvents(_ random: SeededGenerator, _ course: Course?) {
    var drawing = EventDrawing(random, seed: seed, start: start, students: random.draw(1..<EventDrawing.students.count + 1))
    for term in terms {
      var moments = (0..<random.draw(6..<40)).map { _ in random.draw(term.start..<term.end) }
      moments.sort()
      if let course {
        events += course.slice(random, moments).map { $0.zoned(zone(of: $0.content.school)) }
      } else {
        for moment in moments { events.append(drawing.event(at: moment)) }
      }
    }
    if course == nil {
      for term in terms where !random.once(in: 3) {
        for number in 0..<random.draw(1..<4) {
          let moment = random.draw(term.start..<term.end)
          let (content, body) = drawing.ingested(at: moment)
          requests.append(PlannedRequest(at: moment, kind: .ingest(content, body: body, key: "key-\(requests.count)-\(number)")))
        }
      }
    }
    for index in events.indices {
      if random.once(in: 15) {
        inherent[.publishedTwice, default: 0] += 1
        var again = events[index]
        again.at += random.draw(0..<span(around: again.at))
        events.append(again)
      }
      if random.once(in: 20) {
        inherent[.eventOvertaken, default: 0] += 1
        events[index].at += random.draw(0..<span(around: events[index].at))
      }
    }
  }

  private func span(around moment: Int) -> Int {
    let term = terms.first { ($0.start..<$0.end).contains(moment) }
    return max(1, (term?.end ?? moment) - moment)
  }

  private mutating func drawRequests(_ random: SeededGenerator) {
    guard !events.isEmpty else { return }
    for _ in 0..<random.draw(0..<12) {
      let content = events[random.draw(0..<events.count)].content
      let term = terms[random.draw(0..<terms.count)]
      let moment = random.draw(term.start..<term.end + Self.minute)
      requests.append(PlannedRequest(at: moment, kind: .query(school: content.school, student: content.student)))
    }
  }

  private mutating func drawIncidents(_ random: SeededGenerator) {
    let planned = Fault.allCases.filter { $0.trigger != .plan && !$0.isOfRights }
    let number = [0, 4, 10, 25][random.draw(0..<4)]
    for _ in 0..<number {
      let fault = planned[random.draw(0..<planned.count)]
      let term = terms[random.draw(0..<terms.count)]
      let when = fault.trigger == .time ? random.draw(term.start..<term.end) : random.draw(0..<events.count + 10)
      let lengths = [50, 2 * Self.second, 40 * Self.second, 20 * Self.minute]
      let length = random.draw(1..<lengths[random.draw(0..<lengths.count)])
      incidents.append(Incident(fault: fault, when: when, length: length, target: random.draw(0..<1_000)))
    }
  }
}
