internal import Encodings
internal import JSON
internal import MasteryCore

/// A resource of MCP: a document about the service, or a student's picture.
enum MCPResource: Sendable {
  /// What the numbers mean and what can be asked, in a page of text.
  case contract
  /// An intent as it is declared in full.
  case intent(any Intent.Type)
  /// The description of all requests, or of all topics.
  case document(Route.Document)
  /// How a student stands, is expected to stand, and what to do next.
  case student(StudentID)

  private static let scheme = "mastery://"
  private static let documents: [(address: String, document: Route.Document, meaning: String)] = [
    ("openapi", .openAPI, "All requests and answers, as OpenAPI 3.1 (long)"),
    ("asyncapi", .asyncAPI, "All topics and their messages, as AsyncAPI 3 (long)"),
  ]

  /// The resource at an address; nil if there is none.
  init?(_ address: String, intents: IntentTable) {
    // The scheme's letters may be of either case, and what is no letter of an address is percent-encoded (RFC 3986, 3.1 and 2.1).
    guard address.prefix(Self.scheme.count).lowercased() == Self.scheme else { return nil }
    let path = PercentCoding.decode(address.dropFirst(Self.scheme.count))
    if path == "contract" {
      self = .contract
    } else if let document = Self.documents.first(where: { $0.address == path }) {
      self = .document(document.document)
    } else if path.hasPrefix("contract/"), let intent = intents.intent(named: String(path.dropFirst(9))) {
      self = .intent(intent)
    } else if path.hasPrefix("students/"), let student = StudentID(String(path.dropFirst(9))) {
      self = .student(student)
    } else {
      return nil
    }
  }

  /// The intents whose answers make up a student's picture.
  static let picture: [any Intent.Type] = [MasteryQuery.self, PredictionRequest.self, AdaptiveRecommendations.self]

  /// Writes the list of those with a fixed address.
  static func writeList(to json: inout JSONWriter) {
    let fixed = [("contract", "What the numbers mean and what can be asked", "text/markdown")]
    let listed = fixed + documents.map { ($0.address, $0.meaning, "application/json") }
    json.objects("resources", of: listed) { json, resource in
      json.member("uri", scheme + resource.0)
      json.member("name", resource.0)
      json.member("description", resource.1)
      json.member("mimeType", resource.2)
    }
  }

  /// Writes the list of those whose address names something.
  static func writeTemplates(to json: inout JSONWriter) {
    let templates = [
      ("students/{student_id}", "student", "How a student stands, is expected to stand in a week, and what to do next"),
      ("contract/{tool}", "tool", "A tool's request and answers in full, with ranges and an example (long)"),
    ]
    json.objects("resourceTemplates", of: templates) { json, template in
      json.member("uriTemplate", scheme + template.0)
      json.member("name", template.1)
      json.member("description", template.2)
      json.member("mimeType", "application/json" as StaticString)
    }
  }

  /// The media type of what is read.
  var mediaType: StaticString {
    if case .contract = self { return "text/markdown" }
    return "application/json"
  }
}
