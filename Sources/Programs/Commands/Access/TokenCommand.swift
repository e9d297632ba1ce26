internal import MasteryCore
internal import MasteryService

/// `token`: makes a token for development.
struct TokenCommand: Command {
  static let usage = Usage(
    command: "token",
    purpose: "Prints a token for development and staging, signed with JWT_SECRET; it makes none where ENVIRONMENT is production.",
    options: [
      .init("sub", "SUBJECT", "who it is for; a student's own id"),
      .init("role", "ROLE", "student, teacher, admin or service"),
      .init("students", "IDS", "the students of a teacher, commas between them"),
      .init("school", "ID", "the school whose data it shows, * for any (the data without a school)"),
      .init("ttl", "SECONDS", "how long it is good, 1 to 31536000 (3600)"),
    ])

  private let order: TokenMint.Order

  init(_ arguments: CallArguments) throws(CommandFailure) {
    var order = TokenMint.Order(subject: try Self.required("sub", arguments), role: try Self.required("role", arguments))
    order.school = arguments.options["school"]
    order.seconds = try arguments.number("ttl", 1...31_536_000) ?? order.seconds
    for id in arguments.options["students"]?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      guard let student = StudentID(String(id)) else {
        throw .wrongCall("token: --students must be students' ids, commas between them, got \"\(id)\"")
      }
      order.students.append(student)
    }
    guard order.students.isEmpty || order.role == "teacher" else { throw .wrongCall("token: --students is for --role teacher") }
    self.order = order
  }

  func run() throws(CommandFailure) {
    Terminal.say(try token(SystemEnvironment.settings, now: Runtime.system.now()))
  }

  /// A token that a service with these settings accepts.
  ///
  /// - Throws: `CommandFailure` if none can be made.
  func token(_ variables: [String: String], now: Timestamp) throws(CommandFailure) -> String {
    let configuration = try ServeCommand.read(variables)
    guard configuration.environment != .production else {
      throw .badSetting("ENVIRONMENT must be development or staging; no tokens are made for production, which it is when it is not given")
    }
    guard let mint = TokenMint(configuration) else {
      throw .badSetting("JWT_SECRET is required: tokens by the keys of JWT_JWKS are made where their private keys are")
    }
    guard let token = mint.token(order, now: now) else {
      throw .wrongCall("token: no service takes such a token; --role is student, teacher, admin or service, --school * for the last two")
    }
    return token
  }

  private static func required(_ name: String, _ arguments: CallArguments) throws(CommandFailure) -> String {
    guard let value = arguments.options[name], !value.isEmpty else { throw .wrongCall("token: --\(name) is missing") }
    return value
  }
}
