internal import Encodings
internal import HTTPClient
internal import JSON
internal import Synchronization

/// A component's view of a schema registry: what it has asked for, and the calls for what it has not.
///
/// With a cache a schema is kept until the sidecar ends, the latest one of a subject too, as recorded.
final class SchemaRegistry: Sendable {
  /// A schema and the number by which messages name it.
  struct Registered: Sendable {
    var id: UInt32
    var schema: AvroSchema
  }

  private struct Known: Sendable {
    var byID: [UInt32: AvroSchema] = [:]
    var latest: [String: Registered] = [:]
  }

  private let address: RegistryAddress
  private let client: HTTPClient
  private let known = Mutex(Known())
  /// How long the registry may take for an answer, in milliseconds.
  static let deadline = 5_000

  init(_ address: RegistryAddress, _ client: HTTPClient) {
    self.address = address
    self.client = client
  }

  /// The schema with a number.
  ///
  /// - Throws: `AvroFailure` in the recorded words: the registry is out of reach, does not know the number, or knows no schema by it.
  func schema(_ id: UInt32) async throws(AvroFailure) -> AvroSchema {
    if address.caches, let schema = known.withLock({ $0.byID[id] }) { return schema }
    let answer = try await get("/schemas/ids/\(id)")
    let schema = try Self.read(answer) { (root) throws(AvroFailure) in try Self.schema(in: root) }
    if address.caches { known.withLock { $0.byID[id] = schema } }
    return schema
  }

  /// The latest schema of a subject.
  ///
  /// - Throws: `AvroFailure` as `schema` does.
  func latest(of subject: String) async throws(AvroFailure) -> Registered {
    if address.caches, let latest = known.withLock({ $0.latest[subject] }) { return latest }
    let answer = try await get("/subjects/\(PercentCoding.encode(subject, keeping: Self.isUnreserved))/versions/latest")
    let latest = try Self.read(answer) { (root) throws(AvroFailure) in
      guard let id = root["id"]?.integer.flatMap({ UInt32(exactly: $0) }) else {
        throw AvroFailure("the registry's answer must have the number \"id\"")
      }
      return Registered(id: id, schema: try Self.schema(in: root))
    }
    if address.caches {
      known.withLock { known in
        known.latest[subject] = latest
        known.byID[latest.id] = latest.schema
      }
    }
    return latest
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x7E: true
    default: false
    }
  }

  private static func schema(in root: JSONValue) throws(AvroFailure) -> AvroSchema {
    if let type = root["schemaType"]?.string, type != "AVRO" { throw AvroFailure("the schema must be of type AVRO, got \(type)") }
    guard let text = root["schema"]?.text else { throw AvroFailure("the registry's answer must have the text \"schema\"") }
    return try AvroSchema(Array(text))
  }

  private static func read<Result>(
    _ answer: [UInt8], _ read: (JSONValue) throws(AvroFailure) -> Result
  ) throws(AvroFailure) -> Result {
    do {
      return try JSONDocument.parse(answer, read)
    } catch {
      switch error {
      case .malformed(let why): throw AvroFailure("the registry's answer must be JSON: \(why)")
      case .reading(let failure): throw failure
      }
    }
  }

  // MARK: Calls

  private func get(_ path: String) async throws(AvroFailure) -> [UInt8] {
    var headers = [(name: "Content-Type", value: "application/vnd.schemaregistry.v1+json")]
    if address.key != nil || address.secret != nil {
      let credentials = Base64.encode("\(address.key ?? ""):\(address.secret ?? "")".utf8)
      headers.append(("Authorization", "Basic \(String(decoding: credentials, as: UTF8.self))"))
    }
    let answer: HTTPAnswer
    do {
      answer = try await client.send(HTTPCall("GET", address.url + path, headers: headers, deadline: Self.deadline))
    } catch {
      throw AvroFailure("Get \"\(address.url + path)\": \(why(error))")
    }
    guard !(200..<300).contains(answer.status) else { return answer.body }
    // What says why is passed on as it is; anything else is not read.
    let saysWhy = try? JSONDocument.parse(answer.body) { $0.kind == .object }
    throw AvroFailure(saysWhy == true ? String(decoding: answer.body, as: UTF8.self) : "the registry answered \(answer.status)")
  }

  private func why(_ failure: HTTPClientFailure) -> String {
    switch failure {
    case .unreachable: "dial tcp \(endpoint): connect: connection refused"
    case .timedOut: "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    case .broken(let why): why
    case .stopped: "context canceled"
    }
  }

  /// Host and port, as Go's dialer names them.
  private var endpoint: String {
    let parts = address.url.split(separator: "/", omittingEmptySubsequences: false)
    let authority = parts.count > 2 ? parts[2].split(separator: "@").last ?? "" : ""
    guard !authority.hasSuffix("]"), authority.contains(":") else { return "\(authority):\(parts.first == "https:" ? 443 : 80)" }
    return String(authority)
  }
}
