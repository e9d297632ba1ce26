import Foundation
import Testing

/// One exchange with the real sidecar, as it was recorded.
struct RecordedExchange: Sendable, CustomTestStringConvertible {
  struct Message: Decodable, Sendable {
    var method: String?
    var target: String?
    /// 0 if the connection closed without an answer.
    var status: Int?
    var headers: [[String]]
    var body: String?

    private enum CodingKeys: String, CodingKey {
      case method, target, status, headers, body
      case repeated = "body_repeat"
    }

    init(status: Int) {
      self.status = status
      headers = []
    }

    init(from decoder: any Decoder) throws {
      let line = try decoder.container(keyedBy: CodingKeys.self)
      method = try line.decodeIfPresent(String.self, forKey: .method)
      target = try line.decodeIfPresent(String.self, forKey: .target)
      status = try line.decodeIfPresent(Int.self, forKey: .status)
      headers = try line.decode([[String]].self, forKey: .headers)
      let pieces = try line.decodeIfPresent([BodyPiece].self, forKey: .repeated)
      body = try pieces?.map(\.text).joined() ?? line.decodeIfPresent(String.self, forKey: .body)
    }

    func header(_ name: String) -> String? {
      headers.first { $0[0].lowercased() == name }?[1]
    }
  }

  /// A piece of a long body: text, or text that many times.
  private struct BodyPiece: Decodable {
    let text: String

    private enum CodingKeys: String, CodingKey {
      case text = "repeat"
      case times
    }

    init(from decoder: any Decoder) throws {
      if let plain = try? decoder.singleValueContainer().decode(String.self) {
        text = plain
      } else {
        let piece = try decoder.container(keyedBy: CodingKeys.self)
        text = String(repeating: try piece.decode(String.self, forKey: .text), count: try piece.decode(Int.self, forKey: .times))
      }
    }
  }

  private struct Line: Decodable {
    var `case`: String
    var request: Message
    var response: Message
  }

  /// The line's number in the file.
  var line: Int
  var name: String
  var method: String
  var target: String
  var request: Message
  var status: Int
  var response: Message

  var testDescription: String { "\(line) \(name)" }

  static let all = recorded("app-to-sidecar")

  /// The exchanges of a file.
  static func recorded(_ name: String) -> [RecordedExchange] {
    guard let file = Bundle.module.url(forResource: "Recordings/\(name)", withExtension: "jsonl"),
      let text = try? String(contentsOf: file, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").enumerated().compactMap { number, text in
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)), let method = line.request.method,
        let target = line.request.target, let status = line.response.status
      else { return nil }
      return RecordedExchange(
        line: number, name: line.case, method: method, target: target, request: line.request, status: status, response: line.response)
    }
  }
}

/// A text's JSON value by Foundation's reader, which the client does not use.
func jsonValue(_ text: String?) -> Any? {
  text.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed) }
}

/// A JSON value's text by Foundation's writer.
func jsonBytes(_ value: Any) -> [UInt8] {
  (try? JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys])).map { [UInt8]($0) } ?? []
}

/// Whether both are the same JSON value.
func isSameJSON(_ one: Any?, _ other: Any?) -> Bool {
  guard let one, let other else { return one == nil && other == nil }
  return jsonBytes(one) == jsonBytes(other)
}

/// Whether it is a document.
func isContainer(_ value: Any?) -> Bool { value is [String: Any] || value is [Any] }
