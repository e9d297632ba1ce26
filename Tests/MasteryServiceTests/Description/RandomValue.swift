import JSON
import Schemas
import Simulation

/// Random JSON texts that keep to a schema, or break it.
struct RandomValue {
  var random: SeededGenerator

  /// A text that keeps to the schema.
  mutating func good(_ schema: Schema) -> String {
    switch schema {
    case .boolean: return Bool.random(using: &random) ? "true" : "false"
    case .integer(let range):
      let range = range ?? -1_000...1_000
      let top = min(range.upperBound, max(range.lowerBound, 0) + 1_000_000)
      let number: Int64 =
        [range.lowerBound, top, Int64.random(in: range.lowerBound...top, using: &random)].randomElement(using: &random) ?? 0
      return "\(number)"
    case .number(let range):
      let range = range ?? -1_000...1_000
      let top = min(range.upperBound, range.lowerBound + 1_000_000)
      let number: Double =
        [range.lowerBound, top, Double.random(in: range.lowerBound...top, using: &random)].randomElement(using: &random) ?? 0
      return "\(number)"
    case .text(let form): return "\"\(text(form))\""
    case .word(let words): return "\"\(words.randomElement(using: &random) ?? "")\""
    case .list(let element, let count):
      let number = Int.random(in: (count?.lowerBound ?? 0)...min(count?.upperBound ?? 3, (count?.lowerBound ?? 0) + 3), using: &random)
      return "[\((0..<number).map { _ in good(element) }.joined(separator: ","))]"
    case .object(let object):
      let members = object.properties.filter { $0.isRequired || object.oneOf.first == $0.name || Bool.random(using: &random) }
      return "{\(members.map { "\"\($0.name)\":\(good($0.schema))" }.joined(separator: ","))}"
    case .map(let value): return "{\"a\":\(good(value))}"
    case .either(let kinds): return good(kinds.filter { $0 != .null }.randomElement(using: &random) ?? .null)
    case .null: return "null"
    case .anything: return "{}"
    }
  }

  /// A text that breaks the schema; nil if nothing does.
  mutating func bad(_ schema: Schema) -> String? {
    switch schema {
    case .boolean: return ["1", "\"true\"", "[]"].randomElement(using: &random)
    case .integer(let range?):
      let over = range.upperBound < .max ? "\(range.upperBound + 1)" : "1.5"
      return [over, "\(range.lowerBound - 1)", "\"1\"", "\(range.lowerBound).5", "true"].randomElement(using: &random)
    case .integer(nil): return "1.5"
    case .number(let range?):
      return [range.upperBound.isFinite ? "\(range.upperBound + 0.001)" : "\"1\"", "\(range.lowerBound - 0.001)", "\"0.5\"", "{}"]
        .randomElement(using: &random)
    case .number(nil): return "\"x\""
    case .text(let form):
      if form.format == "date" { return ["\"2026-02-30\"", "\"yesterday\"", "20260301"].randomElement(using: &random) }
      if form.format != nil { return ["\"yesterday\"", "\"\"", "false"].randomElement(using: &random) }
      return [form.length.map { "\"\(String(repeating: "a", count: $0.upperBound + 1))\"" } ?? "1", "[]", "false"].randomElement(
        using: &random)
    case .word: return ["\"no such word\"", "\"\"", "7"].randomElement(using: &random)
    case .list(let element, let count):
      if let count, count.lowerBound > 0, Bool.random(using: &random) { return "[]" }
      return count.map { "[\(Array(repeating: good(element), count: $0.upperBound + 1).joined(separator: ","))]" } ?? "{}"
    case .object, .map: return ["[]", "1", "\"{}\""].randomElement(using: &random)
    case .either(let kinds): return kinds.contains(.anything) ? nil : "[[]]"
    case .null: return "0"
    case .anything: return nil
    }
  }

  private mutating func text(_ form: TextForm) -> String {
    switch form.format {
    case "date": return "2026-03-\(Int.random(in: 10...28, using: &random))"
    case "date-time": return "2026-03-\(Int.random(in: 10...14, using: &random))T10:00:00Z"
    default: break
    }
    let most = min(form.length?.upperBound ?? 20, 40)
    let letters = form.pattern == nil ? "abc äß€" : "abcXYZ019_-@:+=~|"
    return String((0..<max(1, Int.random(in: 1...most, using: &random))).map { _ in letters.randomElement(using: &random) ?? "a" })
  }
}
