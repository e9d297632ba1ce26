internal import HTTPClient

/// `student`: shows one student in a terminal.
struct StudentCommand: Command {
  static let usage = Usage(
    command: "student",
    operands: ["ID"],
    purpose: "Shows how a student stands, comes from and is going to, and what to do next. MASTERY_TOKEN may hold the token to ask with.",
    options: [
      .init("engine", "URL", "the engine to ask (\(EngineClient.usualAddress))"),
      .init("school", "ID", "the student's school (the data without a school)"),
    ])

  private let student: String
  private let address: String
  private let school: String?

  init(_ arguments: CallArguments) throws(CommandFailure) {
    student = arguments.operands.first ?? ""
    address = try arguments.address("engine") ?? EngineClient.usualAddress
    school = arguments.options["school"]
  }

  func run() async throws(CommandFailure) {
    let client = try HTTPClient.forCommands()
    defer { client.stop() }
    let door = EngineClient(client: client, address: address, school: school, token: SystemEnvironment.value("MASTERY_TOKEN"))
    Terminal.say(try await StudentPicture(of: student, asking: door).text)
  }
}
