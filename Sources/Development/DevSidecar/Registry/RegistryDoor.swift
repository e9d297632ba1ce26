internal import Encodings
internal import HTTPServer
internal import JSON
internal import Synchronization

/// Answers the calls of a schema registry's API.
final class RegistryDoor: HTTPApplication {
  private let schemas: DevSchemaRegistry.Schemas
  private static let bodyLimit = 1 << 20

  init(_ schemas: DevSchemaRegistry.Schemas) {
    self.schemas = schemas
  }

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: Self.bodyLimit) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    switch refusal {
    case .badFraming(let why): Self.failure(400, 400, why)
    case .bodyTooLarge: Self.failure(413, 413, "the body must have at most \(Self.bodyLimit) bytes")
    case .unreadable(let status): Self.failure(status, status, "the request cannot be read")
    case .overloaded, .stopping: Self.failure(503, 503, "the registry is stopping or has too much to do")
    }
  }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let parts = request.head.path.split(separator: "/").map { PercentCoding.decode($0) }
    switch (request.head.method, parts.first, parts.count) {
    case ("GET", "subjects", 1): return Self.answer(200) { $0.array(of: self.schemas.known.withLock { $0.names }) }
    case ("GET", "schemas", 3) where parts[1] == "ids": return schema(parts[2])
    case ("GET", "subjects", 3) where parts[2] == "versions": return versions(of: parts[1])
    case ("GET", "subjects", 4) where parts[2] == "versions": return version(parts[3], of: parts[1])
    case ("POST", "subjects", 3) where parts[2] == "versions": return register(request.body, subject: parts[1])
    default: return Self.failure(404, 404, "HTTP 404 Not Found")
    }
  }

  private func schema(_ number: String) -> HTTPResponse {
    guard let text = Int(number).flatMap({ id in schemas.known.withLock { $0.text(id) } }) else {
      return Self.failure(404, 40403, "Schema \(number) not found")
    }
    return Self.answer(200) { writer in writer.object { $0.member("schema", text) } }
  }

  private func versions(of subject: String) -> HTTPResponse {
    guard let versions = schemas.known.withLock({ $0.versions(of: subject) }) else { return Self.unknown(subject) }
    return Self.answer(200) { $0.array(of: versions.map { Int64($0.version) }) }
  }

  private func version(_ number: String, of subject: String) -> HTTPResponse {
    guard let versions = schemas.known.withLock({ $0.versions(of: subject) }) else { return Self.unknown(subject) }
    guard let version = number == "latest" ? versions.last : versions.first(where: { String($0.version) == number }) else {
      return Self.failure(404, 40402, "Version \(number) not found.")
    }
    return Self.answer(200) { writer in
      writer.object { writer in
        writer.member("subject", version.subject)
        writer.member("version", Int64(version.version))
        writer.member("id", Int64(version.id))
        writer.member("schema", version.text)
      }
    }
  }

  private func register(_ body: [UInt8], subject: String) -> HTTPResponse {
    let read = try? JSONDocument.parse(body) { ($0["schema"]?.string, $0["schemaType"]?.string ?? "AVRO") }
    guard let (given, type) = read, let text = given else {
      return Self.failure(422, 42201, "the body must be an object with the text \"schema\"")
    }
    guard type == "AVRO" else { return Self.failure(422, 42201, "schemaType must be AVRO, got \(type)") }
    do {
      _ = try AvroSchema(Array(text.utf8))
    } catch {
      return Self.failure(422, 42201, "Invalid schema: \(error)")
    }
    let id = schemas.known.withLock { $0.register(text, subject: subject) }
    return Self.answer(200) { writer in writer.object { $0.member("id", Int64(id)) } }
  }

  // MARK: Answers

  private static func unknown(_ subject: String) -> HTTPResponse { failure(404, 40401, "Subject '\(subject)' not found.") }

  private static func failure(_ status: Int, _ code: Int, _ message: String) -> HTTPResponse {
    answer(status) { writer in
      writer.object { writer in
        writer.member("error_code", Int64(code))
        writer.member("message", message)
      }
    }
  }

  private static func answer(_ status: Int, _ write: (inout JSONWriter) -> Void) -> HTTPResponse {
    var writer = JSONWriter(capacity: 256)
    write(&writer)
    let fields = [HTTPField("Content-Type", "application/vnd.schemaregistry.v1+json")]
    return HTTPResponse(status: status, fields: fields, body: writer.bytes)
  }
}
