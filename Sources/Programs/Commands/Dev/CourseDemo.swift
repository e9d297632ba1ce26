internal import CBuiltIn
internal import DaprClient
internal import DevSidecar
internal import HTTPClient
internal import MasteryService

/// A sample of a real course, published through the sidecar, processed by the service and read back from it.
struct CourseDemo: Sendable {
  /// The school of the sample's students.
  static let school = "open_university"
  /// One of the sample's students.
  static let student = "ou_576524_BBB-2013J"
  /// Maximum number of concurrent queries.
  private static let questions = 32

  let pair: DevPair
  let runtime: Runtime

  /// Publishes the sample and queries the mastery of its students.
  ///
  /// - Throws: `CommandFailure` if a step fails.
  func run() async throws(CommandFailure) -> StudentTable {
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let students = try await publish(client)
    await pair.sidecar.idle()
    let door = EngineClient(client: client, address: "http://127.0.0.1:\(pair.service.port)", school: Self.school)
    return StudentTable(rows: try await rows(of: students.sorted(), door))
  }

  /// Publishes the sample, shifted so that its last day is yesterday.
  ///
  /// - Returns: Its students.
  private func publish(_ client: HTTPClient) async throws(CommandFailure) -> Set<String> {
    let course = built_in_course
    let file = try EventFile(name: "the sample", bytes: UnsafeRawBufferPointer(start: course.bytes, count: course.size))
    let configuration = pair.configuration
    let sidecar = DaprClient(configuration, http: client)
    let publisher = BatchPublisher(sidecar: sidecar, runtime: runtime) { Terminal.complain($0) }
    let replay = Replay(until: nil, shiftsToNow: true, batch: 2_000, publisher: publisher, runtime: runtime)
    var progress = ProgressBar(size: file.size)
    return try await replay.run(file, progress: &progress).students
  }

  private func rows(of students: [String], _ door: EngineClient) async throws(CommandFailure) -> [StudentTable.Row] {
    let answers = await withTaskGroup(of: Result<StudentTable.Row, CommandFailure>.self) { group in
      var waiting = students[...]
      for student in waiting.prefix(Self.questions) { group.addTask { await row(of: student, door) } }
      waiting = waiting.dropFirst(Self.questions)
      var answers: [Result<StudentTable.Row, CommandFailure>] = []
      for await answer in group {
        answers.append(answer)
        if let student = waiting.popFirst() { group.addTask { await row(of: student, door) } }
      }
      return answers
    }
    var rows: [StudentTable.Row] = []
    for answer in answers { rows.append(try answer.get()) }
    return rows
  }

  private func row(of student: String, _ door: EngineClient) async -> Result<StudentTable.Row, CommandFailure> {
    do throws(CommandFailure) {
      return .success(
        StudentTable.Row(
          student: student, standing: try await door.standing(of: student),
          outlook: try await door.ask("/predictions/next-week", about: student) { StudentOutlook($0) }))
    } catch {
      return .failure(error)
    }
  }
}
