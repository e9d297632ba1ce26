import HTTPClient
import LoadTesting

/// Reads back how all students stand, and compares it with what the events say.
struct DocumentCheck: Sendable {
  private static let readers = 16
  private static let tries = 20

  /// What was found.
  struct Outcome: Sendable {
    var students = 0
    /// Students whose documents differ, or could not be read.
    var wrong = 0
    /// The differences, of many only the first.
    var remarks: [String] = []

    fileprivate mutating func add(_ differences: [String]) {
      students += 1
      if !differences.isEmpty { wrong += 1 }
      remarks += differences.prefix(max(0, 20 - remarks.count))
    }

    fileprivate mutating func add(_ other: Outcome) {
      students += other.students
      wrong += other.wrong
      remarks += other.remarks.prefix(max(0, 20 - remarks.count))
    }
  }

  /// An answer: how a student stands, nil if nothing is stored.
  private struct Found {
    let observed: ObservedStanding?
  }

  let client: HTTPClient
  let replicas: ReplicaTable

  /// Compares the students of the load's events.
  func check(_ expected: ExpectedStandings) async -> Outcome {
    await check(expected.known) { student in
      let id = EventPlan.id(ofStudent: student)
      guard let standing = await standing(id) else { return ["\(id): the document must be readable, got no answer"] }
      return expected.differences(of: student, from: standing.observed).map(\.description)
    }
  }

  /// Compares the students of calls that were accepted: each had an event of its own.
  func check(ingested calls: [Int]) async -> Outcome {
    await check(calls) { call in
      let id = IngestedEvent.student(call)
      let (wanted, found) = (IngestedEvent.id(call), await standing(id)?.observed?.evidence["quiz"])
      return found == wanted ? [] : ["\(id): the evidence of quiz must be \(wanted), got \(found ?? "none")"]
    }
  }

  private func check(_ students: [Int], _ differences: @escaping @Sendable (Int) async -> [String]) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      for reader in 0..<Self.readers {
        group.addTask {
          var outcome = Outcome()
          for index in stride(from: reader, to: students.count, by: Self.readers) { outcome.add(await differences(students[index])) }
          return outcome
        }
      }
      var whole = Outcome()
      for await part in group { whole.add(part) }
      return whole
    }
  }

  /// How a student stands; nil if nobody answers.
  private func standing(_ student: String) async -> Found? {
    for _ in 0..<Self.tries {
      guard let port = replicas.next() else { break }
      let call = HTTPCall(
        "POST", "http://127.0.0.1:\(port)/mastery/query", headers: [("Content-Type", "application/json")],
        body: Array(#"{"student_id":"\#(student)"}"#.utf8), deadline: 5_000)
      if let answer = try? await client.send(call) {
        if answer.status == 404 { return Found(observed: nil) }
        if answer.status == 200 { return ObservedStanding(answer: answer.body).map { Found(observed: $0) } }
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
    return nil
  }
}
