/// Digits of base sixteen.
package enum Hexadecimal {
  /// The lower case digit of the lowest four bits.
  package static func digit(_ bits: UInt64) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: bits & 15)
    return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// The upper case digit of the lowest four bits.
  package static func capitalDigit(_ bits: UInt8) -> UInt8 {
    let digit = digit(UInt64(bits))
    return digit < UInt8(ascii: "a") ? digit : digit - 0x20
  }

  /// The value of a digit in either case; nil if it is not one.
  package static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The sixteen digits of a word.
  package static func text(_ word: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      for index in 0..<16 { buffer[index] = digit(word >> UInt64((15 - index) * 4)) }
      return 16
    }
  }
}
