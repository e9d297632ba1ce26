internal import MasteryService

/// `schema`: shows the Avro schemas of events, for a schema registry.
struct SchemaCommand: Command {
  static let usage = Usage(
    command: "schema",
    operands: ["[NAME]"],
    purpose: "Shows the Avro schema of an event, by the record's name or the event's type; without a name lists the schemas of all.",
    options: [.init("all", "FOLDER", "writes each schema to a file of the folder, NAME.avsc, in place of what stands there")])

  private let name: String?
  private let folder: String?

  init(_ arguments: CallArguments) throws(CommandFailure) {
    (name, folder) = (arguments.operands.first, arguments.options["all"])
    if name != nil, folder != nil { throw .wrongCall("schema: --all writes every schema, so no NAME may stand beside it") }
  }

  func run() async throws(CommandFailure) {
    let schemas = try Self.schemas(try ServeCommand.read(SystemEnvironment.settings))
    if let folder {
      try OutputFile.makeFolder(folder)
      for schema in schemas { try OutputFile.write(schema.text + "\n", to: "\(folder)/\(schema.name).avsc") }
    } else if let name {
      guard let schema = schemas.first(where: { $0.name == name || $0.type == name }) else {
        throw .wrongCall("schema: there is no \"\(name)\"; known are \(schemas.map(\.name).joined(separator: ", "))")
      }
      Terminal.say(schema.text)
    } else {
      let rows = schemas.map { [$0.name, $0.isIncoming ? "in" : "out", $0.type, $0.subject] }
      Terminal.say(TextTable(["name", "", "event", "subject"], rows).lines.joined(separator: "\n"))
    }
  }

  private static func schemas(_ configuration: Configuration) throws(CommandFailure) -> [EventSchema] {
    do throws(EventSchema.Inexpressible) {
      return try EventSchema.all(configuration)
    } catch {
      throw .incomplete("schema: \(error.message)")
    }
  }
}

extension EventSchema {
  fileprivate var text: String { String(decoding: json, as: UTF8.self) }
}
