/// Makes text readable that JSON writers emit and the parser refuses, without changing the meaning of the rest.
///
/// Half a surrogate pair becomes U+FFFD, the replacement character; a whole number beyond 64 bits becomes the nearest double. Both are
/// invalid in any field that is read, and harmless elsewhere.
struct JSONMending {
  private let text: UnsafeRawBufferPointer
  private var position = 0
  private var mended: [UInt8] = []
  /// How much of the text is in `mended`.
  private var copied = 0

  /// The mended text; nil if there was nothing to mend.
  static func mended(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    var mending = Self(text: text)
    mending.run()
    return mending.copied == 0 ? nil : mending.mended
  }

  private init(text: UnsafeRawBufferPointer) { self.text = text }

  private mutating func run() {
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""): string()
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): number()
      default: position += 1
      }
    }
    if copied > 0 { copy(to: text.count) }
  }

  /// Walks over a string, from its first quote to behind its last.
  private mutating func string() {
    position += 1
    while position < text.count, text[position] != UInt8(ascii: "\"") {
      guard text[position] == UInt8(ascii: "\\") else {
        position += 1
        continue
      }
      switch surrogate(at: position) {
      case .high? where surrogate(at: position + 6) == .low: position += 12
      case .high?, .low?: replace(6, by: "\\ufffd")
      case nil: position += 2
      }
    }
    position += 1
  }

  private enum Surrogate { case high, low }

  /// Which half of a pair is escaped there.
  private func surrogate(at start: Int) -> Surrogate? {
    guard start + 6 <= text.count, text[start] == UInt8(ascii: "\\"), text[start + 1] | 0x20 == UInt8(ascii: "u") else { return nil }
    guard text[start + 1] == UInt8(ascii: "u"), text[start + 2] | 0x20 == UInt8(ascii: "d") else { return nil }
    guard text[(start + 4)..<(start + 6)].allSatisfy(Self.isHexadecimal) else { return nil }
    switch text[start + 3] | 0x20 {
    case UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "b"): return .high
    case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "f"): return .low
    default: return nil
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  /// Walks over a number.
  private mutating func number() {
    let start = position
    position += 1
    while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) { position += 1 }
    let digits = UnsafeRawBufferPointer(rebasing: text[start..<position])
    let isWhole = position == text.count || ![UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(text[position])
    guard isWhole else {
      while position < text.count, Self.continuesNumber(text[position]) { position += 1 }
      return
    }
    // Nineteen digits may be too many; fewer never are.
    guard digits.count >= 19 else { return }
    let written = String(decoding: digits, as: UTF8.self)
    guard UInt64(written) == nil, Int64(written) == nil, let double = Double(written), double.isFinite else { return }
    // Text that JSON does not accept as a number, such as one with a leading zero, stays invalid.
    guard !digits.drop(while: { $0 == UInt8(ascii: "-") }).starts(with: [UInt8(ascii: "0")]) else { return }
    let end = position
    position = start
    replace(end - start, by: "\(double)")
  }

  private static func continuesNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// Replaces that many bytes with another text.
  private mutating func replace(_ count: Int, by other: String) {
    copy(to: position)
    mended.append(contentsOf: other.utf8)
    position += count
    copied = position
  }

  private mutating func copy(to end: Int) {
    if mended.isEmpty { mended.reserveCapacity(text.count + 16) }
    mended.append(contentsOf: text[copied..<end])
    copied = end
  }
}
