internal import DaprClient
internal import HTTPClient
internal import MasteryCore
internal import MasteryService

/// `rebuild-standings`: rebuilds the standings of cohorts from the students' documents.
struct RebuildStandingsCommand: Command {
  static let usage = Usage(
    command: "rebuild-standings",
    purpose: "Works out standings anew from the documents of the students that they know; the settings come from the environment.",
    options: [
      .init("school", "ID", "the school (the data without a school)"),
      .init("cohorts", "IDS", "cohorts to look for students in beside the school as a whole, commas between them"),
    ])

  private let school: SchoolID?
  private let cohorts: [CohortID]

  init(_ arguments: CallArguments) throws(CommandFailure) {
    school = try arguments.options["school"].map { (text) throws(CommandFailure) in
      guard let school = SchoolID(text) else { throw .wrongCall("--school must be a school's id, got \"\(text)\"") }
      return school
    }
    var cohorts: [CohortID] = []
    for text in arguments.options["cohorts"]?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      guard let cohort = CohortID(String(text)) else {
        throw .wrongCall("--cohorts must be cohorts' ids, commas between them, got \"\(text)\"")
      }
      cohorts.append(cohort)
    }
    self.cohorts = cohorts
  }

  func run() async throws(CommandFailure) {
    let configuration = try ServeCommand.read(SystemEnvironment.settings)
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let sidecar = DaprClient(configuration, http: client)
    let log = Log(level: configuration.logLevel, format: configuration.logFormat) {
      Terminal.note(String(decoding: $0.dropLast(), as: UTF8.self))
    }
    let rebuild = StandingsRebuild(
      sidecar: sidecar, retentionDays: configuration.retentionDays, scoring: configuration.scoring, runtime: .system, log: log)
    let report: StandingsRebuild.Report
    do {
      report = try await rebuild.run(school: school, cohorts: cohorts)
    } catch {
      throw .unavailable("the state store does not answer: \(error)")
    }
    Terminal.say("\(report.students) students stand as their documents say, \(report.removed) without a document stand nowhere")
    if report.undone > 0 { throw .incomplete("\(report.undone) shards could not be read or written; run it again") }
  }
}
