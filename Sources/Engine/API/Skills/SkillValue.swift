internal import Schemas

/// What a value of an option may be, in words.
struct SkillValue {
  /// One word in capital letters.
  let placeholder: String
  /// The bounds; empty if the placeholder says it all.
  let bounds: String

  /// Behind a meaning.
  var suffix: String { bounds.isEmpty ? "" : ": \(bounds)" }

  private init(_ placeholder: String, _ bounds: String) { (self.placeholder, self.bounds) = (placeholder, bounds) }

  /// Describes a value.
  ///
  /// - Parameters:
  ///   - schema: What it may be.
  ///   - type: The field's type; nil for a member of a field.
  init(_ schema: Schema, of type: FieldType?) {
    self =
      switch type {
      case .identifier, .eventID: Self("ID", "")
      case .topic: Self("TOPIC", "one to three names with / between them")
      case .date: Self("DATE", "YYYY-MM-DD")
      case .timestamp: Self("TIME", "ISO 8601")
      case .list(let range): Self("LIST", "\(range.lowerBound) to \(range.upperBound), commas between them, or JSON")
      default: Self(schema)
      }
  }

  private init(_ schema: Schema) {
    self =
      switch schema {
      case .boolean: Self("true|false", "")
      case .integer(let range): Self("N", range.map { Self.bounds($0.lowerBound, $0.upperBound) } ?? "")
      case .number(let range): Self("NUMBER", range.map { Self.bounds($0.lowerBound, $0.upperBound) } ?? "")
      case .word(let words): Self("WORD", words.joined(separator: ", "))
      case .text: Self("TEXT", "")
      case .either(let kinds): Self(of: kinds.filter { $0 != .null })
      case .list, .object, .map, .null, .anything: Self("JSON", "")
      }
  }

  /// One of several kinds: the first is named, and whether there is an object among the others.
  private init(of kinds: [Schema]) {
    let first = kinds.first.map { Self($0) }
    let takesObject = kinds.dropFirst().contains { if case .object = $0 { true } else { false } }
    self.init(first?.placeholder ?? "JSON", (first?.bounds ?? "") + (takesObject ? ", or an object as JSON" : ""))
  }

  private static func bounds(_ low: Int64, _ high: Int64) -> String { high == .max ? "from \(low)" : "\(low) to \(high)" }

  private static func bounds(_ low: Double, _ high: Double) -> String {
    high.isFinite ? "\(Int(low)) to \(Int(high))" : "from \(Int(low))"
  }
}
