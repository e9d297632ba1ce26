@testable import DevSidecar

/// A random object without white space, with `<`, `>`, `&`, U+2028 and U+2029 escaped, as a careful writer sends it.
struct RandomDocument {
  /// The pieces between which white space is allowed.
  private(set) var tokens: [String] = []

  var text: String { tokens.joined() }

  init(_ dice: inout RandomBits) {
    object(&dice, depth: 0)
  }

  private static func roll(_ dice: inout RandomBits, _ sides: Int) -> Int { Int(dice.next() >> 33) % sides }

  private mutating func object(_ dice: inout RandomBits, depth: Int) {
    tokens.append("{")
    for index in 0..<Self.roll(&dice, 5) {
      if index > 0 { tokens.append(",") }
      tokens += [Self.string(&dice), ":"]
      value(&dice, depth: depth + 1)
    }
    tokens.append("}")
  }

  private mutating func value(_ dice: inout RandomBits, depth: Int) {
    switch Self.roll(&dice, depth > 4 ? 5 : 7) {
    case 0: tokens.append(["null", "true", "false"][Self.roll(&dice, 3)])
    case 1: tokens.append(String(Int64(bitPattern: dice.next())))
    case 2: tokens.append(["1.0", "-0", "1e2", "0.3333333333333333", "12345678901234567890"][Self.roll(&dice, 5)])
    case 3, 4: tokens.append(Self.string(&dice))
    case 5: object(&dice, depth: depth)
    default:
      tokens.append("[")
      for index in 0..<Self.roll(&dice, 4) {
        if index > 0 { tokens.append(",") }
        value(&dice, depth: depth + 1)
      }
      tokens.append("]")
    }
  }

  private static func string(_ dice: inout RandomBits) -> String {
    let letters = [
      "a", "Ü", "日", "😀", #"\""#, #"\\"#, #"\/"#, #"\n"#, #"\u0000"#, #"\u003c"#, #"\u2028"#, "\u{7f}", " ", "|", "||", "'",
    ]
    return "\"" + (0..<roll(&dice, 8)).map { _ in letters[roll(&dice, letters.count)] }.joined() + "\""
  }
}
