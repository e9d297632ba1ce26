internal import JSON

/// Secrets out of a JSON file; nested objects give names joined by a separator.
struct SecretStore: Sendable {
  let name: String
  private(set) var values: [String: String] = [:]

  init(name: String, _ metadata: ComponentField, folder: String) throws(DevSidecarFailure) {
    self.name = name
    let field = metadata["secretsFile"]
    let file = try field.text()
    guard let bytes = FileSystem.contents(of: file.hasPrefix("/") ? file : "\(folder)/\(file)") else {
      throw field.wrong("names a file that cannot be read: \(file)")
    }
    let separator = metadata["nestedSeparator"].node?.text ?? ":"
    let read = try? JSONDocument.parse(bytes) { root in
      var values: [String: String] = [:]
      Self.collect(root, prefix: "", separator, into: &values)
      return values
    }
    guard let read else { throw field.wrong("names a file that is no JSON: \(file)") }
    values = read
  }

  private static func collect(_ value: JSONValue, prefix: String, _ separator: String, into values: inout [String: String]) {
    for (key, member) in value.members {
      let name = prefix.isEmpty ? key.string : prefix + separator + key.string
      if member.kind == .object {
        collect(member, prefix: name, separator, into: &values)
      } else if let text = member.string {
        values[name] = text
      } else {
        var writer = JSONWriter()
        writer.copy(member)
        values[name] = writer.text
      }
    }
  }
}
