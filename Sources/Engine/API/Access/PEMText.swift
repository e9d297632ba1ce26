/// A certificate or key as PEM text.
enum PEMText {
  /// Maximum bytes of a PEM file.
  private static let fileLimit = 1 << 20

  /// Reads the PEM text of a setting, either the value itself or the file that it names.
  ///
  /// - Parameters:
  ///   - value: The setting's value.
  ///   - setting: The setting's name.
  /// - Returns: The text.
  /// - Throws: `BadSetting` if there is no PEM text.
  static func read(_ value: String, of setting: String) throws(BadSetting) -> String {
    let text = isText(value) ? value : FileStamp.bytes(of: value, limit: fileLimit).map { String(decoding: $0, as: UTF8.self) }
    guard let text, isText(text) else {
      // The value is not shown: it may be a private key.
      throw BadSetting(name: setting, value: nil, constraint: "must be PEM text, or the path of a file that holds it and can be read")
    }
    return text
  }

  private static func isText(_ value: String) -> Bool {
    value.utf8.count > marker.count && value.utf8.indices.contains { value.utf8[$0...].starts(with: marker) }
  }

  private static let marker = Array("-----BEGIN ".utf8)
}
