internal import MasteryService

/// `openapi`: shows what can be asked.
struct OpenAPICommand: Command {
  static let usage = Usage(
    command: "openapi", purpose: "Shows the description of all requests and answers, as OpenAPI 3.1; /openapi.json is the same.",
    options: [])

  init(_ arguments: CallArguments) {}

  func run() async throws(CommandFailure) {
    let documents = ServiceDocuments(try ServeCommand.read(SystemEnvironment.settings))
    Terminal.say(String(decoding: await documents.openAPI, as: UTF8.self))
  }
}
