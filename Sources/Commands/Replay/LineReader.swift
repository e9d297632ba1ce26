internal import CZlib
internal import Glibc

/// Reads a text line by line, unpacking it where it is gzipped; a piece of it at a time is in memory.
package struct LineReader: ~Copyable {
  /// The longest line that is handed out, in bytes: brokers take a million with what is put around it.
  static let longestLine = 900_000
  private static let piece: UInt32 = 256 << 10

  private let stream: gzFile
  private let name: String
  private let buffer: UnsafeMutableRawBufferPointer
  private var line = 0
  private var filled = 0
  private var isAtEnd = false
  /// The number of the line that was handed out last, from 1 on.
  private(set) var number = 0

  /// Takes over an open stream.
  init(_ stream: gzFile, name: String) {
    gzbuffer(stream, Self.piece)
    self.stream = stream
    self.name = name
    buffer = .allocate(byteCount: Self.longestLine + Int(Self.piece), alignment: 1)
  }

  deinit {
    gzclose(stream)
    buffer.deallocate()
  }

  /// How many bytes of the file have been read, packed as they are.
  var place: Int { Int(gzoffset(stream)) }

  /// The next line that is not blank, without its end, or nil behind the last one; it stands until the next call.
  ///
  /// A line that is too long comes cut off, and so is no JSON.
  ///
  /// - Throws: `CommandFailure.noInput` when the file cannot be read or unpacked.
  package mutating func next() throws(CommandFailure) -> UnsafeRawBufferPointer? {
    while let found = try any() {
      if !found.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }) { return found }
    }
    return nil
  }

  private mutating func any() throws(CommandFailure) -> UnsafeRawBufferPointer? {
    var searched = line
    while true {
      if let end = newline(from: searched) { return take(until: end, skipping: 1) }
      if isAtEnd { return line < filled ? take(until: filled, skipping: 0) : nil }
      if filled - line >= Self.longestLine { return try cutOff() }
      searched = filled - line
      try fill()
    }
  }

  private func newline(from start: Int) -> Int? {
    guard start < filled, let base = buffer.baseAddress else { return nil }
    guard let found = memchr(base + start, Int32(UInt8(ascii: "\n")), filled - start) else { return nil }
    return found - UnsafeMutableRawPointer(base)
  }

  private mutating func take(until end: Int, skipping rest: Int) -> UnsafeRawBufferPointer {
    defer { line = end + rest }
    number += 1
    return UnsafeRawBufferPointer(rebasing: buffer[line..<end])
  }

  /// Moves the line that has begun to the front and reads behind it.
  private mutating func fill() throws(CommandFailure) {
    guard let base = buffer.baseAddress else { return }
    memmove(base, base + line, filled - line)
    filled -= line
    line = 0
    let count = gzread(stream, base + filled, Self.piece)
    guard count >= 0 else { throw failure }
    filled += Int(count)
    isAtEnd = count == 0
    if isAtEnd, !gzIsWhole { throw failure }
  }

  /// The beginning of a line that does not fit; the rest of it is passed over.
  private mutating func cutOff() throws(CommandFailure) -> UnsafeRawBufferPointer? {
    number += 1
    while true {
      if let end = newline(from: line) {
        line = end + 1
        break
      }
      line = filled
      if isAtEnd { break }
      try fill()
    }
    return UnsafeRawBufferPointer(start: Self.openBracket.utf8Start, count: Self.openBracket.utf8CodeUnitCount)
  }

  private static let openBracket: StaticString = "{"

  /// Whether a gzipped file has ended where it says so, and not in the middle.
  private var gzIsWhole: Bool {
    var status: Int32 = 0
    gzerror(stream, &status)
    return status == Z_OK || status == Z_STREAM_END
  }

  private var failure: CommandFailure {
    var status: Int32 = 0
    // zlib puts what it takes for the file's name first, which is a descriptor's number here.
    let reason = gzerror(stream, &status).map { String(cString: $0) }?.split(separator: ": ").last ?? "it is damaged"
    return .noInput("\(name) cannot be read: \(reason)")
  }
}
