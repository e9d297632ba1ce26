import DevSidecar
import Foundation
import HTTPClient
import Testing

/// The registry for development, over HTTP.
@Suite("Schema registry")
struct SchemaRegistryTests {
  @Test("The registry answers as Confluent's does: numbers over all subjects, versions within one, and its error codes")
  func registryAPI() async throws {
    let folder = try Rig.folder(["first-value.avsc": #""string""#, "second-value.avsc": #""long""#, "notes.txt": "none"])
    let registry = try DevSchemaRegistry(port: 0, schemas: folder)
    let client = try HTTPClient()
    let url = "http://127.0.0.1:\(registry.port)"
    func expect(
      _ method: String, _ path: String, _ status: Int, _ answer: String, body: String? = nil,
      _ location: SourceLocation = #_sourceLocation
    ) async throws {
      let got = try await client.send(HTTPCall(method, url + path, body: body.map { Array($0.utf8) }, deadline: 120_000))
      #expect(got.status == status && got.text == answer, "\(got.text)", sourceLocation: location)
      #expect(got.header("content-type") == "application/vnd.schemaregistry.v1+json", sourceLocation: location)
    }
    try await expect("GET", "/subjects", 200, #"["first-value","second-value"]"#)
    try await expect("GET", "/schemas/ids/2", 200, #"{"schema":"\"long\""}"#)
    try await expect("POST", "/subjects/first-value/versions", 200, #"{"id":3}"#, body: #"{"schema":"\"int\""}"#)
    try await expect("POST", "/subjects/first-value/versions", 200, #"{"id":2}"#, body: #"{"schema":"\"long\"","schemaType":"AVRO"}"#)
    try await expect("POST", "/subjects/first-value/versions", 200, #"{"id":3}"#, body: #"{"schema":"\"int\""}"#)
    try await expect("GET", "/subjects/first-value/versions", 200, "[1,2,3]")
    try await expect(
      "GET", "/subjects/first-value/versions/latest", 200, #"{"subject":"first-value","version":3,"id":2,"schema":"\"long\""}"#)
    try await expect("GET", "/subjects/first-value/versions/2", 200, #"{"subject":"first-value","version":2,"id":3,"schema":"\"int\""}"#)
    try await expect("GET", "/subjects/a%2Fb/versions/latest", 404, #"{"error_code":40401,"message":"Subject 'a/b' not found."}"#)
    try await expect("GET", "/subjects/other/versions", 404, #"{"error_code":40401,"message":"Subject 'other' not found."}"#)
    try await expect("GET", "/subjects/first-value/versions/9", 404, #"{"error_code":40402,"message":"Version 9 not found."}"#)
    try await expect("GET", "/schemas/ids/9", 404, #"{"error_code":40403,"message":"Schema 9 not found"}"#)
    try await expect("GET", "/schemas/ids/x", 404, #"{"error_code":40403,"message":"Schema x not found"}"#)
    try await expect("DELETE", "/subjects/first-value", 404, #"{"error_code":404,"message":"HTTP 404 Not Found"}"#)
    try await expect(
      "POST", "/subjects/s/versions", 422, #"{"error_code":42201,"message":"Invalid schema: unknown type name: \"what\""}"#,
      body: #"{"schema":"\"what\""}"#)
    try await expect(
      "POST", "/subjects/s/versions", 422, #"{"error_code":42201,"message":"schemaType must be AVRO, got JSON"}"#,
      body: #"{"schema":"{}","schemaType":"JSON"}"#)
    try await expect(
      "POST", "/subjects/s/versions", 422, #"{"error_code":42201,"message":"the body must be an object with the text \"schema\""}"#,
      body: "[]")
    client.stop()
    await registry.stop(within: .seconds(5))
  }

  @Test("A folder of schemas that cannot be read, or holds what is none, is named")
  func wrongFolder() throws {
    let missing = #expect(throws: DevSidecarFailure.self) { try DevSchemaRegistry(port: 0, schemas: "/nowhere/at-all") }
    #expect(missing?.description == "/nowhere/at-all: the schemas cannot be read")
    let folder = try Rig.folder(["t-value.avsc": "{}"])
    let wrong = #expect(throws: DevSidecarFailure.self) { try DevSchemaRegistry(port: 0, schemas: folder) }
    #expect(
      wrong?.description == "\(folder)/t-value.avsc: the schema must be an Avro schema: a type must have the member \"type\"")
  }
}
