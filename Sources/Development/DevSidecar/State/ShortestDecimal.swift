/// The fewest decimal digits that read back as the same number, and the forms in which Go and its libraries write them.
struct ShortestDecimal: Hashable, Sendable {
  private let isNegative: Bool
  /// Digits without zeros at either end; none for zero.
  private let digits: [UInt8]
  /// The position of the point: the value is `0.digits` times ten to this power.
  private let point: Int
  private static let zero = UInt8(ascii: "0")

  /// The digits of a finite number.
  init(_ value: Double) {
    self.init(described: value.magnitude.description, isNegative: value.sign == .minus)
  }

  /// The digits of a finite number.
  init(_ value: Float) {
    self.init(described: value.magnitude.description, isNegative: value.sign == .minus)
  }

  private init(described: String, isNegative: Bool) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = Array(described.utf8)
    for (position, byte) in text.enumerated() {
      if byte == UInt8(ascii: ".") {
        point = digits.count
      } else if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: text[(position + 1)...], as: UTF8.self)) ?? 0
        break
      } else {
        digits.append(byte)
      }
    }
    let before = (point ?? digits.count) + exponent
    let leading = digits.prefix { $0 == Self.zero }.count
    digits.removeFirst(leading)
    while digits.last == Self.zero { digits.removeLast() }
    self.isNegative = isNegative
    self.digits = digits
    self.point = digits.isEmpty ? 1 : before - leading
  }

  private var exponent: Int { point - 1 }

  /// As Go's `%v` prints it: with an exponent below 0.0001 and from 1000000 on.
  var formatted: [UInt8] {
    exponent < -4 || exponent >= 6 ? scientific(exponentDigits: 2) : positional
  }

  /// As Go's `encoding/json` writes it: with an exponent below 1e-6 and from 1e21 on.
  var json: [UInt8] {
    exponent < -6 || exponent >= 21 ? scientific(exponentDigits: exponent < 0 ? 1 : 2) : positional
  }

  private var sign: [UInt8] { isNegative ? [UInt8(ascii: "-")] : [] }

  private var positional: [UInt8] {
    guard !digits.isEmpty else { return sign + [Self.zero] }
    guard point > 0 else {
      return sign + [Self.zero, UInt8(ascii: ".")] + Array(repeating: Self.zero, count: -point) + digits
    }
    guard point < digits.count else { return sign + digits + Array(repeating: Self.zero, count: point - digits.count) }
    return sign + digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
  }

  private func scientific(exponentDigits: Int) -> [UInt8] {
    var text = sign + digits.prefix(1)
    if digits.count > 1 { text += [UInt8(ascii: ".")] + digits[1...] }
    text += [UInt8(ascii: "e"), UInt8(ascii: exponent < 0 ? "-" : "+")]
    let number = Array(String(exponent.magnitude).utf8)
    return text + Array(repeating: Self.zero, count: max(0, exponentDigits - number.count)) + number
  }
}
