internal import JSON

/// Secrets from a JSON file.
struct SecretFile {
  private(set) var secrets: [String: [String: String]] = [:]

  /// Reads the file that `secretsFile` names, relative to the components' folder unless the path is absolute.
  ///
  /// Nested objects give names joined by `nestedSeparator`, each a secret with one value; with `multiValued` the outer name is the
  /// secret's.
  init(_ metadata: ComponentField, folder: String) throws(DevSidecarFailure) {
    let field = metadata["secretsFile"]
    let file = try field.text()
    let isMultiValued = try metadata["multiValued"].boolean() ?? false
    guard let bytes = FileSystem.contents(of: file.hasPrefix("/") ? file : "\(folder)/\(file)") else {
      throw field.mustBe("a file that can be read")
    }
    let separator = metadata["nestedSeparator"].node?.text ?? ":"
    let read = try? JSONDocument.parse(bytes) { root in
      var secrets: [String: [String: String]] = [:]
      for (key, member) in root.members {
        let values = Self.values(member, named: isMultiValued && member.kind == .object ? "" : key.string, separator)
        if isMultiValued {
          secrets[key.string] = values
        } else {
          for (name, value) in values { secrets[name] = [name: value] }
        }
      }
      return secrets
    }
    guard let read else { throw field.mustBe("a file of JSON") }
    secrets = read
  }

  /// The texts below a value under their joined names.
  private static func values(_ value: JSONValue, named name: String, _ separator: String) -> [String: String] {
    guard value.kind == .object else {
      if let text = value.string { return [name: text] }
      var writer = JSONWriter()
      writer.copy(value)
      return [name: writer.text]
    }
    var found: [String: String] = [:]
    for (key, member) in value.members {
      let inner = name.isEmpty ? key.string : name + separator + key.string
      found.merge(values(member, named: inner, separator)) { $1 }
    }
    return found
  }
}
