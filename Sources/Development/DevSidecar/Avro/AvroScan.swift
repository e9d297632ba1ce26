/// Steps over a value's bytes and finds whether they are one.
///
/// libavro sees only what has been stepped over: it takes memory for any length that a message claims and does not give it back where the
/// message is shorter, follows values as deep as they nest, and takes any number for a symbol's.
struct AvroScan {
  let types: AvroTypes
  private let bytes: ArraySlice<UInt8>
  /// Where the rest begins.
  private(set) var position: Int

  /// A scan that begins at the first of the bytes.
  init(_ bytes: ArraySlice<UInt8>, _ types: AvroTypes) {
    self.types = types
    self.bytes = bytes
    position = bytes.startIndex
  }

  private static let short = AvroFailure("short buffer")

  /// Steps over a value of a type, by its number.
  ///
  /// - Throws: `AvroFailure` if the bytes end within it, or are none.
  mutating func skip(_ number: Int, depth: Int = 1) throws(AvroFailure) {
    guard depth <= AvroTypes.deepest else { throw AvroTypes.tooDeep }
    switch types[number].kind {
    case .null: return
    case .boolean:
      try skip(bytes: 1)
      guard bytes[position - 1] <= 1 else { throw AvroFailure("a boolean must be 0 or 1, got \(bytes[position - 1])") }
    case .int: _ = try index(of: "an int", Int64(Int32.min)...Int64(Int32.max))
    case .long: _ = try long()
    case .float: try skip(bytes: 4)
    case .double: try skip(bytes: 8)
    case .bytes, .string: try skip(bytes: try long())
    case .fixed(let size): try skip(bytes: Int64(size))
    case .enumeration(let symbols):
      _ = try index(of: "the number of a symbol of \"\(types[number].name)\"", 0...Int64(symbols.count - 1))
    case .array(let items): try skipBlocks { (scan) throws(AvroFailure) in try scan.skip(items, depth: depth + 1) }
    case .map(let values):
      try skipBlocks { (scan) throws(AvroFailure) in
        try scan.skip(bytes: try scan.long())
        try scan.skip(values, depth: depth + 1)
      }
    case .record(let fields):
      for field in fields { try skip(field.type, depth: depth + 1) }
    case .union(let branches):
      let branch = try index(of: "the number of a union's type", 0...Int64(branches.count - 1))
      try skip(branches[Int(branch)], depth: depth + 1)
    }
  }

  private mutating func skip(bytes count: Int64) throws(AvroFailure) {
    guard count >= 0, count <= Int64(bytes.endIndex - position) else { throw Self.short }
    position += Int(count)
  }

  /// Blocks of elements, each of which takes a byte at least.
  private mutating func skipBlocks(_ skipElement: (inout AvroScan) throws(AvroFailure) -> Void) throws(AvroFailure) {
    while true {
      let count = try long()
      guard count != 0 else { return }
      // A block whose length in bytes follows.
      if count < 0 { _ = try long() }
      guard count.magnitude <= UInt64(bytes.endIndex - position) else { throw Self.short }
      for _ in 0..<count.magnitude { try skipElement(&self) }
    }
  }

  private mutating func index(of what: String, _ range: ClosedRange<Int64>) throws(AvroFailure) -> Int64 {
    let value = try long()
    guard range.contains(value) else {
      throw AvroFailure("\(what) must be \(range.lowerBound) to \(range.upperBound), got \(value)")
    }
    return value
  }

  /// A number in zigzag order, seven bits a byte, the lowest first.
  private mutating func long() throws(AvroFailure) -> Int64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.endIndex else { throw Self.short }
      let byte = bytes[position]
      position += 1
      // The tenth byte has the last bit only.
      guard shift < 63 || byte <= 1 else { throw AvroFailure("a number must have at most 64 bits") }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
    }
    throw AvroFailure("a number must have at most 64 bits")
  }
}
