import Foundation
import HTTPServer
import JSON
import MasteryCore
import Testing

@testable import MasteryService

/// JSON read by Foundation, which the service does not use.
enum ReadJSON {
  static func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  static func object(_ text: String) throws -> [String: Any] { try object(Array(text.utf8)) }

  /// A value's text with sorted keys, for comparison.
  static func canonical(_ value: Any) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]),
      as: UTF8.self)
  }

  /// The data of a CloudEvent.
  static func data(_ event: [UInt8]) throws -> [String: Any] {
    try #require(try object(event)["data"] as? [String: Any])
  }
}

/// The statuses of an answer to a delivery.
enum Statuses {
  static func read(_ response: HTTPResponse) -> [String: String] {
    guard response.status == 200, let root = try? ReadJSON.object(response.body) else { return ["": "HTTP \(response.status)"] }
    if let status = root["status"] as? String { return ["": status] }
    var read: [String: String] = [:]
    for entry in root["statuses"] as? [[String: String]] ?? [] {
      let name = entry["entryId"] ?? "?"
      read[name] = read[name] == nil ? entry["status"] ?? "?" : "given twice"
    }
    return read
  }
}

/// A stored document, read as the service reads it.
enum StoredDocument {
  static func read(_ bytes: [UInt8], of key: StudentKey) throws -> StudentDocument {
    try result(bytes, of: key).get()
  }

  static func result(_ bytes: [UInt8], of key: StudentKey) throws -> Result<StudentDocument, DocumentFault> {
    try JSONDocument.parse(bytes) { (value) throws(Never) in
      Result { () throws(DocumentFault) in try StudentDocumentReader.document(from: value, of: key) }
    }
  }
}

extension HTTPResponse {
  var text: String { String(decoding: body, as: UTF8.self) }

  func header(_ name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
}
