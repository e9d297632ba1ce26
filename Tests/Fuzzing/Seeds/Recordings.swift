import Foundation
import JSON

/// The real inputs of the package: exchanges with the real sidecar, and events of a real course.
enum Recordings {
  struct Request {
    var method: String
    var target: String
    var fields: [(name: String, value: String)]
    var body: [UInt8]
    var answer: [UInt8]

    /// Method and target, headers, an empty line, the body: the form of a whole request as one input.
    var text: [UInt8] { WholeRequest(method: method, target: target, fields: fields, body: body).text }
  }

  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The real sidecar's requests to an app.
  static func callbacks() throws -> [Request] {
    try requests("sidecar-to-app").filter { $0.target.hasPrefix("/events/") }
  }

  /// An app's requests to the real sidecar, only small ones.
  static func calls() throws -> [Request] {
    try requests("app-to-sidecar").filter { $0.body.count < 4_096 }
  }

  /// Events of a real course.
  static func events() throws -> [[UInt8]] {
    try lines("MasteryCoreTests/Samples/oulad-2013-slice.events.jsonl").enumerated().filter { $0.offset % 40 == 0 }.map(\.element)
  }

  /// The component files of the package.
  static func componentFiles() throws -> [[UInt8]] {
    let package = tests.deletingLastPathComponent()
    return try ["components", "components/dev", "k8s"].flatMap { folder in
      let names = try FileManager.default.contentsOfDirectory(atPath: package.appending(path: folder).path).sorted()
      return try names.filter { $0.hasSuffix(".yaml") }.map { Array(try Data(contentsOf: package.appending(path: "\(folder)/\($0)"))) }
    }
  }

  private static func lines(_ path: String) throws -> [[UInt8]] {
    try Data(contentsOf: tests.appending(path: path)).split(separator: UInt8(ascii: "\n")).map { Array($0) }
  }

  private static func requests(_ name: String) throws -> [Request] {
    try lines("DaprClientTests/Recordings/\(name).jsonl").map { line in
      try JSONDocument.parse(line) { (root) throws(Never) in
        let request = root["request"]
        let text = request?["body"]?.string ?? ""
        let isBase64 = request?["encoding"]?.string == "base64"
        let fields = request?["headers"]?.elements.map { field in
          let parts = field.elements.map { $0.string ?? "" }
          return (name: parts.first ?? "", value: parts.last ?? "")
        }
        return Request(
          method: request?["method"]?.string ?? "", target: request?["target"]?.string ?? "", fields: fields ?? [],
          body: isBase64 ? Array(Data(base64Encoded: text) ?? Data()) : Array(text.utf8),
          answer: Array((root["response"]?["body"]?.string ?? "").utf8))
      }
    }
  }
}
