internal import HTTPServer
internal import Synchronization

/// A schema registry for development, in memory: the part of Confluent's API by which schemas are registered and found.
///
/// A component's `schemaRegistryURL` names it as it names any other.
public final class DevSchemaRegistry: Sendable {
  private let schemas: Schemas
  private let server: HTTPServer

  /// The schemas, shared with the calls that are answered.
  final class Schemas: Sendable {
    let known = Mutex(RegisteredSchemas())
  }

  /// Reads the folder and starts answering.
  ///
  /// - Parameters:
  ///   - host: The address to listen on.
  ///   - port: The port to listen on; 0 lets the system choose.
  ///   - folder: The folder of the first schemas, each in a file named after its subject, such as `raw.quiz-value.avsc`; nil for none.
  /// - Throws: `DevSidecarFailure` that names the file, or the address that is taken.
  public init(host: String = "127.0.0.1", port: UInt16, schemas folder: String? = nil) throws(DevSidecarFailure) {
    schemas = Schemas()
    if let folder { try Self.read(folder, into: schemas) }
    do {
      server = try HTTPServer(HTTPServerSettings(host: host, port: port), application: RegistryDoor(schemas))
    } catch {
      throw .cannotListen(host: host, port: port)
    }
  }

  private static func read(_ folder: String, into schemas: Schemas) throws(DevSidecarFailure) {
    guard let names = FileSystem.names(in: folder) else { throw .data("\(folder): the schemas cannot be read") }
    for name in names where name.hasSuffix(".avsc") {
      let path = "\(folder)/\(name)"
      guard let bytes = FileSystem.contents(of: path) else { throw .data("\(path): the schema cannot be read") }
      do {
        _ = try AvroSchema(bytes)
      } catch {
        throw .component(file: path, field: "the schema", reason: "must be an Avro schema: \(error)")
      }
      let text = String(decoding: bytes, as: UTF8.self)
      _ = schemas.known.withLock { $0.register(text, subject: String(name.dropLast(5))) }
    }
  }

  /// The port that it listens on.
  public var port: UInt16 { server.port }

  /// Stops answering.
  ///
  /// - Parameter limit: How long running calls may take.
  public func stop(within limit: Duration) async {
    _ = await server.stop(within: limit)
  }
}
