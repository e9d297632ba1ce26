internal import DaprClient
internal import HTTPServer
internal import JSON
internal import MasteryCore
internal import Synchronization

/// A school of a few students in memory, about whom the examples of the documents ask: each example is what the service really answers.
///
/// Its clock stands still and its random numbers are counted, so the examples are always the same.
struct SampleSchool: Sendable {
  /// Monday, 16 March 2026, nine o'clock.
  private static let now = Timestamp(milliseconds: 1_773_651_600_000)
  private static let school = "northside"
  private static let secret = "a secret of the sample, which signs nothing else"

  private let service: MasteryService
  private let sidecar = MemorySidecar(keepsMessages: true)
  private let tokens: [Caller.Role: String]
  private let words = Words()

  /// The random words: zero while a batch is begun, whose id the examples name.
  private final class Words: Sendable {
    private let state = Mutex<(next: UInt64, isFixed: Bool)>((1, false))

    func next() -> UInt64 {
      state.withLock { state in
        if state.isFixed { return 0 }
        // The increment of SplitMix64, so that ids look like ids (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
        state.next &+= 0x9E37_79B9_7F4A_7C15
        return state.next
      }
    }

    func fix(_ isFixed: Bool) { state.withLock { $0.isFixed = isFixed } }
  }

  private init(_ intents: IntentTable) {
    var configuration = Configuration()
    configuration.jwtSecret = Self.secret
    configuration.appToken = Self.secret
    configuration.minimumGroup = 3
    let runtime = Runtime(now: { Self.now }, sleep: { _ in await Task.yield() }, random: { [words] in words.next() })
    let log = Log(level: .error, format: .json) { _ in }
    service = MasteryService(configuration, sidecar: sidecar, runtime: runtime, log: log, intents: intents)
    let mint = TokenMint(configuration)
    var tokens: [Caller.Role: String] = [:]
    for role in Caller.Role.allCases {
      var order = TokenMint.Order(subject: "sample-\(role.rawValue)", role: role.rawValue)
      order.school = Self.school
      tokens[role] = mint?.token(order, now: Self.now)
    }
    self.tokens = tokens
  }

  /// What comes of the sample.
  struct Course: Sendable {
    /// What was asked and answered, by the intent's name.
    var exchanges: [String: SampleExchange] = [:]
    /// An event of each type that was published, by the type.
    var events: [String: [UInt8]] = [:]
  }

  /// Lets the students work, and asks each intent for its example.
  static func course(_ intents: IntentTable = .standard) async -> Course {
    let sample = Self(intents)
    var course = Course()
    for event in events { await sample.deliver(event, to: "mastery.requests") }
    await sample.deliver(
      event("anna", "quiz.completed", "functions", now.adding(milliseconds: -86_400_000), ("total_questions", 10), ("correct_answers", 12)),
      to: "mastery.requests")
    await sample.redeliver(Topic.deadLetters)
    await sample.deliver(
      Array(#"{"event_id":"quiz-17","event_type":"quiz.completed","student_id":"anna","data":{}}"#.utf8), to: "mastery.requests")
    await sample.redeliver(Topic.standings)
    sample.words.fix(true)
    _ = await sample.answer(to: BatchMastery.self, Array(#"{"requests":["anna","ben","cleo"],"async":true}"#.utf8), as: .admin)
    sample.words.fix(false)
    for priority in BatchJob.Priority.allCases { await sample.redeliver(priority.topic) }
    for intent in intents.all {
      let declaration = intent.declaration
      let request = Array(declaration.example.description.utf8)
      let role = Caller.Role.allCases.first { declaration.audience.reach(of: $0) == .everybody } ?? .admin
      guard let answer = await sample.answer(to: intent, request, as: role) else { continue }
      _ = await sample.service.writeTrails()
      course.exchanges[declaration.name] = SampleExchange(request: request, status: answer.status, answer: answer.body)
    }
    for declaration in PublishedEvents.all {
      course.events[declaration.type] = sample.sidecar.take(from: declaration.topic).last?.body
    }
    return course
  }

  private func redeliver(_ topic: String) async {
    for message in sidecar.take(from: topic) { await deliver(message.body, to: topic) }
  }

  private func deliver(_ event: [UInt8], to topic: String) async {
    let head = HTTPRequestHead(
      method: "POST", target: "\(Subscriptions.routePrefix)\(topic)",
      fields: [HTTPField("Content-Type", "application/cloudevents+json"), HTTPField("dapr-api-token", Self.secret)])
    _ = await service.answer(HTTPRequest(head: head, body: event))
  }

  private func answer(to intent: any Intent.Type, _ request: [UInt8], as role: Caller.Role) async -> HTTPResponse? {
    guard let token = tokens[role], let call = intent.declaration.call(request) else { return nil }
    let head = HTTPRequestHead(
      method: intent.declaration.method, target: call.target,
      fields: [
        HTTPField("Authorization", "Bearer \(token)"), HTTPField("Content-Type", "application/json"),
        HTTPField("X-Correlation-ID", "sample-\(intent.declaration.name)"),
      ])
    return await service.answer(HTTPRequest(head: head, body: call.body))
  }

  // MARK: What the students did

  /// Two weeks of five students in a course.
  private static var events: [[UInt8]] {
    var events: [[UInt8]] = []
    for (place, student) in ["anna", "ben", "cleo", "dan", "zoe"].enumerated() {
      for day in stride(from: 13, through: 1, by: -3) {
        let at = now.adding(milliseconds: -Int64(day) * 86_400_000)
        let solved = 4 + (place * 3 + day * 5) % 7
        let right = 5 + (place + day) % 6
        events.append(
          event(student, "exercise.completed", "variables", at, ("total_exercises", 10), ("completed_exercises", solved)))
        events.append(event(student, "quiz.completed", "loops", at, ("total_questions", 10), ("correct_answers", right)))
      }
    }
    return events
  }

  private static func event(
    _ student: String, _ type: String, _ topic: String, _ at: Timestamp, _ figures: (name: String, value: Int)...
  ) -> [UInt8] {
    JSONWriter.object { json in
      json.member("event_id", "\(student)-\(topic)-\(at.milliseconds / 86_400_000)")
      json.member("event_type", type)
      json.member("timestamp", at.iso8601)
      json.member("student_id", student)
      json.member("course_id", "python-1" as StaticString)
      json.member("topic", topic)
      json.object("data") { json in for figure in figures { json.member(named: figure.name, figure.value) } }
      json.object("metadata") { json in
        json.member("school_id", school)
        json.member("cohort_id", "spring" as StaticString)
        json.member("source", "learning-platform" as StaticString)
      }
    }
  }
}
