extension Plan {
  /// Whether the student of a document is to be erased.
  func erases(_ documentKey: String) -> Bool {
    requests.contains { request in
      guard case .erase(let school, let student) = request.kind else { return false }
      return EventContent(school: school, student: student).documentKey == documentKey
    }
  }

  /// Lets students use their rights in half of the worlds.
  ///
  /// Drawn with a generator of its own, so that the other worlds stay the same.
  mutating func drawRights() {
    let random = SeededGenerator(seed: seed ^ 0x2545_F491_4F6C_DD1D)
    // Only the students of the first events, so that much happens to each.
    let students = events.map(\.content).filter { !$0.student.contains(" ") }.prefix(8)
    guard random.once(in: 2), !students.isEmpty else { return }
    hasRights = true
    for _ in 0..<random.draw(0..<4) {
      let content = students[random.draw(0..<students.count)]
      let term = terms[random.draw(0..<terms.count)]
      let moment = random.draw(term.start..<term.end)
      let erasure = PlannedRequest.Kind.erase(school: content.school, student: content.student)
      requests.append(PlannedRequest(at: moment, kind: erasure))
      inherent[.studentErased, default: 0] += 1
      guard random.once(in: 3) else { continue }
      requests.append(PlannedRequest(at: random.draw(moment..<term.end), kind: erasure))
      inherent[.erasedAgain, default: 0] += 1
    }
    for _ in 0..<random.draw(0..<4) {
      let content = students[random.draw(0..<students.count)]
      let term = terms[random.draw(0..<terms.count)]
      var moment = random.draw(term.start..<term.end)
      for granted in random.once(in: 3) ? [false] : [false, true] {
        requests.append(PlannedRequest(at: moment, kind: .consent(school: content.school, student: content.student, granted: granted)))
        inherent[granted ? .consentGiven : .consentWithdrawn, default: 0] += 1
        moment = random.draw(moment..<term.end)
      }
    }
    for _ in 0..<random.draw(0..<4) {
      let term = terms[random.draw(0..<terms.count)]
      let moment = random.draw(term.start..<term.end)
      incidents.append(Incident(fault: .deadLetterReplayed, when: moment, length: 0, target: random.draw(0..<1_000)))
    }
    for _ in 0..<random.draw(0..<5) {
      let fault = random.once(in: 2) ? Fault.replicaKilledAside : .asideComesLate
      let length = random.draw(1..<40_000)
      incidents.append(Incident(fault: fault, when: random.draw(0..<12), length: length, target: random.draw(0..<1_000)))
    }
  }
}
