import Foundation

/// A message in Avro that `fastavro` 1.13 wrote: a zero byte, the schema's number and the value.
struct AvroMessage {
  var name: String
  var id: Int
  var schema: String
  var bytes: [UInt8]

  /// All messages by their names; those named as an exchange are what its body comes to.
  static let all: [String: AvroMessage] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Recordings/avro-messages.jsonl")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let messages = text.split(separator: "\n").compactMap { line -> AvroMessage? in
      guard let whole = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let name = whole["case"] as? String, let id = whole["id"] as? Int, let schema = whole["schema"] as? String,
        let bytes = (whole["message"] as? String).flatMap({ Data(base64Encoded: $0) })
      else { return nil }
      return AvroMessage(name: name, id: id, schema: schema, bytes: Array(bytes))
    }
    return Dictionary(uniqueKeysWithValues: messages.map { ($0.name, $0) })
  }()

  static func named(_ name: String) throws -> AvroMessage {
    guard let message = all[name] else { throw NoMessage(name: name) }
    return message
  }

  private struct NoMessage: Error { var name: String }

  /// The pieces of a JSON text between commas and brackets, sorted: the same for any order of members, another for any other spelling.
  static func pieces(_ json: some Collection<UInt8>) -> [String] {
    String(decoding: json, as: UTF8.self).split { ",{}[]".contains($0) }.map { String($0) }.sorted()
  }
}
