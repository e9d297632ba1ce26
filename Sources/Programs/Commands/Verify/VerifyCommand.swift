internal import HTTPClient
internal import MasteryCore
internal import MasteryService

/// `verify`: holds a running service, or whatever stands before it, against the documents.
struct VerifyCommand: Command {
  static let usage = Usage(
    command: "verify",
    purpose:
      "Sends the example of each request, and bad ones, and holds each answer against the documents. The tokens to ask with come from "
      + "MASTERY_STUDENT_TOKEN, MASTERY_TEACHER_TOKEN, MASTERY_ADMIN_TOKEN and MASTERY_SERVICE_TOKEN; without them they are signed with "
      + "JWT_SECRET, if ENVIRONMENT is development or staging.",
    options: [
      .init("url", "URL", "the service, or a gateway before it (\(EngineClient.usualAddress))"),
      .init("school", "ID", "the school to ask about (the data without a school)"),
      .init("student", "ID", "a student of it who is known, so that examples about a student may find nothing missing"),
      .init("cohort", "ID", "a cohort of it"),
      .init("seconds", "N", "the most seconds that all of it may take, 1 to 86400 (3600); what is left then is not tried"),
      .init("write", "also tries what changes data, about a student of its own, who is erased at the end"),
    ])

  private let address: String
  private let school: SchoolID?
  private let student: StudentID?
  private let cohort: CohortID?
  private let writes: Bool
  private let seconds: Int

  init(_ arguments: CallArguments) throws(CommandFailure) {
    address = try arguments.address("url") ?? EngineClient.usualAddress
    school = try Self.id("school", arguments) { SchoolID($0) }
    student = try Self.id("student", arguments) { StudentID($0) }
    cohort = try Self.id("cohort", arguments) { CohortID($0) }
    writes = arguments.isAsked("write")
    seconds = try arguments.number("seconds", 1...86_400) ?? 3_600
    if writes, student != nil { throw .wrongCall("verify: --write makes a student of its own: leave out --student") }
  }

  private static func id<ID>(_ name: String, _ arguments: CallArguments, _ read: (String) -> ID?) throws(CommandFailure) -> ID? {
    guard let text = arguments.options[name] else { return nil }
    guard let id = read(text) else { throw .wrongCall("--\(name) must be a \(name)'s id, got \"\(text)\"") }
    return id
  }

  func run() async throws(CommandFailure) {
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let runtime = Runtime.system
    let tokens = try ProbeTokens(SystemEnvironment.value, school: school, now: runtime.now())
    let sender = ProbeSender(address, school: school, tokens: tokens, runtime: runtime) { (call) throws(HTTPClientFailure) in
      try await client.send(call)
    }
    let report = try await report(sender)
    for line in report.lines { Terminal.say(line) }
    if let shortcoming = report.shortcoming { throw .incomplete(shortcoming) }
  }

  /// What the service answers to everything that is tried.
  ///
  /// - Throws: `CommandFailure.unavailable` if nothing answers at the address.
  func report(_ sender: ProbeSender) async throws(CommandFailure) -> ProbeReport {
    var sender = sender
    try await sender.find()
    var plan = ProbePlan()
    plan.student = student?.text
    plan.cohort = cohort?.text
    var report = ProbeReport()
    if writes {
      plan.student = "verify-\(String(sender.runtime.random(), radix: 36))"
      await begin(plan, sender, &report)
    } else {
      report.leaveOut("what changes data: --write tries it", plan.writers.count)
    }
    let probes = plan.readers + (writes ? plan.writers : [])
    let end = sender.runtime.now().adding(milliseconds: Int64(seconds) * 1_000)
    for (number, probe) in probes.enumerated() {
      if Terminal.showsProgress { Terminal.progress("\(number) of \(probes.count)") }
      // The student is erased in any case.
      guard sender.runtime.now() < end || plan.erases(probe) else {
        report.add(probe, .skipped("the time was over: --seconds allows more"))
        continue
      }
      report.add(probe, await sender.outcome(of: probe))
    }
    if Terminal.showsProgress { Terminal.progress("") }
    for reason in plan.leftOut { report.leaveOut(reason, 1) }
    return report
  }

  /// Makes the student of the examples known, and waits until that shows.
  private func begin(_ plan: ProbePlan, _ sender: ProbeSender, _ report: inout ProbeReport) async {
    guard let beginning = plan.beginning else { return }
    for probe in beginning.events { report.add(probe, await sender.outcome(of: probe)) }
    for _ in 0..<60 {
      guard case .failed = await sender.outcome(of: beginning.isKnown) else { return }
      await sender.runtime.sleep(milliseconds: 500)
    }
  }
}
