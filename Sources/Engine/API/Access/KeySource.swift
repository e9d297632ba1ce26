internal import Encodings

/// Where the public keys of tokens are.
enum KeySource: Hashable, Sendable {
  /// A key set in the settings themselves.
  case text(String)
  /// The path of a file that holds one.
  case file(String)
  /// A path of an `HTTPEndpoint` of Dapr's that answers with one; the sidecar asks it.
  case endpoint(name: String, path: String)

  private static let scheme = "dapr:"

  /// Reads a setting; a text that begins as JSON is a key set, one with the scheme `dapr` names an endpoint, any other is a path.
  init(_ setting: String) {
    if setting.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
      self = .text(setting)
    } else if setting.hasPrefix(Self.scheme) {
      let parts = setting.dropFirst(Self.scheme.count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      self = .endpoint(name: String(parts[0]), path: parts.count > 1 ? String(parts[1]) : "")
    } else {
      self = .file(setting)
    }
  }

  /// The bytes that are at hand; nil for an endpoint, or if there are none.
  func bytes(limit: Int) -> [UInt8]? {
    switch self {
    case .text(let text): Array(text.utf8)
    case .file(let path): FileStamp.bytes(of: path, limit: limit)
    case .endpoint: nil
    }
  }

  /// Why nothing can be read from there; nil if that is not known before it is tried.
  var fault: String? {
    switch self {
    case .endpoint(let name, let path):
      let isName = !name.isEmpty && name.utf8.allSatisfy { Self.isPlain($0) }
      let isPath = !path.isEmpty && path.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !path.hasPrefix("/")
      return isName && isPath ? nil : "must name an HTTPEndpoint and a path of it, dapr:name/path"
    case .file(let path) where path.contains("://"):
      return "must not be an address, since the sidecar would send APP_API_TOKEN there: name an HTTPEndpoint, dapr:name/path"
    case .text, .file: return nil
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || "-.".utf8.contains(byte) }
}
