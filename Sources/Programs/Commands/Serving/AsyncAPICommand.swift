internal import MasteryService

/// `asyncapi`: shows what comes and goes over topics.
struct AsyncAPICommand: Command {
  static let usage = Usage(
    command: "asyncapi",
    purpose: "Shows the description of all topics and their messages, as AsyncAPI 3; /asyncapi.json is the same.", options: [])

  init(_ arguments: CallArguments) {}

  func run() async throws(CommandFailure) {
    let documents = ServiceDocuments(try ServeCommand.read(SystemEnvironment.settings))
    Terminal.say(String(decoding: await documents.asyncAPI, as: UTF8.self))
  }
}
