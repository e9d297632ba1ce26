/// Where a development sidecar's secrets come from.
struct SecretSources: Sendable {
  /// The folder of the component files, which paths of secret files are relative to.
  var components: String
  /// A folder that stands in for Kubernetes' secrets, laid out as they are mounted: a folder for each secret, a file for each value.
  var folder: String?

  /// The secrets of the folder that stands in for Kubernetes; nil if none is named.
  ///
  /// One line break at a value's end is removed.
  ///
  /// - Throws: `DevSidecarFailure.noSecrets` if the folder or a file in it cannot be read.
  func mounted() throws(DevSidecarFailure) -> [String: [String: String]]? {
    guard let folder else { return nil }
    guard let names = FileSystem.names(in: folder) else { throw .noSecrets(folder: folder) }
    var secrets: [String: [String: String]] = [:]
    for name in names {
      // Only folders are secrets.
      guard let keys = FileSystem.names(in: "\(folder)/\(name)") else { continue }
      for key in keys {
        guard var value = FileSystem.contents(of: "\(folder)/\(name)/\(key)") else { throw .noSecrets(folder: "\(folder)/\(name)/\(key)") }
        if value.last == UInt8(ascii: "\n") { value.removeLast() }
        secrets[name, default: [:]][key] = String(decoding: value, as: UTF8.self)
      }
    }
    return secrets
  }

  /// The environment variables with that prefix, named by the rest; the sidecar's own tokens are left out.
  func environment(prefix: String) -> [String: [String: String]] {
    var secrets: [String: [String: String]] = [:]
    for variable in (FileSystem.contents(of: "/proc/self/environ") ?? []).split(separator: 0) {
      guard let equals = variable.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: variable[..<equals], as: UTF8.self)
      guard name.hasPrefix(prefix), name != "APP_API_TOKEN", name != "DAPR_API_TOKEN" else { continue }
      let secret = String(name.dropFirst(prefix.count))
      secrets[secret] = [secret: String(decoding: variable[(equals + 1)...], as: UTF8.self)]
    }
    return secrets
  }
}
