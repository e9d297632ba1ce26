extension Plan {
  /// Lets one world in three compare students, with standings and batches.
  ///
  /// Drawn with a generator of its own, so that the other worlds stay the same.
  mutating func drawCohorts() {
    let random = SeededGenerator(seed: seed ^ 0x94D0_49BB_1331_11EB)
    let students = events.map(\.content).filter { !$0.student.contains(" ") }
    guard random.once(in: 3), !students.isEmpty else { return }
    comparesStudents = true
    for number in 0..<random.draw(0..<4) {
      let school = students[random.draw(0..<students.count)].school
      let known = students.filter { $0.school == school }.map(\.student) + ["nobody"]
      // More than one chunk.
      let entries = (0..<random.draw(51..<130)).map { _ in
        PlannedBatch.Entry(
          student: known[random.draw(0..<known.count)], quiz: random.once(in: 4) ? Double(random.draw(0..<11)) / 10 : nil)
      }
      let term = terms[random.draw(0..<terms.count)]
      let batch = PlannedBatch(number: number, school: school, entries: entries, priority: ["low", "high"][random.draw(0..<2)])
      requests.append(PlannedRequest(at: random.draw(term.start..<term.end), kind: .batch(batch)))
    }
  }
}
