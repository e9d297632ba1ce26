/// A setting that prevents the start: its name, its value and its constraint.
public struct BadSetting: Error, Hashable, Sendable, CustomStringConvertible {
  /// The variable.
  public let name: String
  /// The value; nil if it is missing or secret.
  public let value: String?
  /// The constraint.
  public let constraint: String

  /// The error in one line.
  public var description: String {
    guard let value else { return "\(name) \(constraint)" }
    // Control characters are shown by number, so that the text stays on one line.
    let shown = value.unicodeScalars.prefix(100).map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : "\($0)" }
    return "\(name) \(constraint), got \"\(shown.joined())\""
  }
}
