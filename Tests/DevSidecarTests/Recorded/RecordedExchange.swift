import Foundation

/// One line of a recording.
struct RecordedExchange {
  var name: String
  var method: String
  var target: String
  var headers: [(name: String, value: String)]
  var body: String?
  var status: Int
  var answerHeaders: [String: String]
  var answer: String

  /// The lines of a file beside a target's tests.
  static func load(_ file: String, of target: String = "DaprClientTests", area: String = "") throws -> [RecordedExchange] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: folder.appendingPathComponent("\(target)/Recordings/\(file)"), encoding: .utf8)
    // Checked before a line is parsed, which takes longer.
    let start = #"{"case":"\#(area)"#
    return try text.split(separator: "\n").filter { $0.hasPrefix(start) || area.isEmpty }.map { line in
      let whole = try object(JSONSerialization.jsonObject(with: Data(line.utf8)))
      let request = try object(whole["request"])
      let response = try object(whole["response"])
      return RecordedExchange(
        name: whole["case"] as? String ?? "", method: request["method"] as? String ?? "", target: request["target"] as? String ?? "",
        headers: pairs(request["headers"]), body: body(of: request), status: response["status"] as? Int ?? 0,
        answerHeaders: Dictionary(pairs(response["headers"]).map { ($0.name.lowercased(), $0.value) }) { first, _ in first },
        answer: body(of: response) ?? "")
    }
  }

  /// A body, written out if the recording describes a long one.
  private static func body(of message: [String: Any]) -> String? {
    guard let parts = message["body_repeat"] as? [Any] else { return message["body"] as? String }
    return parts.map { part in
      guard let part = part as? [String: Any] else { return part as? String ?? "" }
      return String(repeating: part["repeat"] as? String ?? "", count: part["times"] as? Int ?? 0)
    }.joined()
  }

  private struct NoObject: Error {}

  private static func object(_ value: Any?) throws -> [String: Any] {
    guard let object = value as? [String: Any] else { throw NoObject() }
    return object
  }

  private static func pairs(_ value: Any?) -> [(name: String, value: String)] {
    (value as? [[String]] ?? []).filter { $0.count == 2 }.map { ($0[0], $0[1]) }
  }
}
