internal import CZlib
internal import Glibc

/// Reads a text line by line, and decompresses it if it is gzipped; only a part of it is in memory at a time.
package struct LineReader: ~Copyable {
  /// Maximum bytes of a returned line: brokers accept a million including the envelope.
  static let longestLine = 900_000
  private static let piece: UInt32 = 256 << 10

  private let stream: gzFile
  private let name: String
  private let buffer: UnsafeMutableRawBufferPointer
  private var line = 0
  private var filled = 0
  private var isAtEnd = false
  /// The number of the last returned line, from 1 on.
  private(set) var number = 0

  /// Takes ownership of an open stream.
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

  /// Bytes of the file read so far, before decompression.
  var position: Int { Int(gzoffset(stream)) }

  /// The next non-blank line, without its line break, or nil after the last one; it is valid until the next call.
  ///
  /// A line that is too long is truncated, and so is not valid JSON.
  ///
  /// - Throws: `CommandFailure.noInput` if the file cannot be read or decompressed.
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

  /// Moves the incomplete line to the front of the buffer and reads more behind it.
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

  /// The beginning of a line that does not fit; the rest of it is skipped.
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

  /// Whether a gzipped file ended with its trailer, and was not truncated.
  private var gzIsWhole: Bool {
    var status: Int32 = 0
    gzerror(stream, &status)
    return status == Z_OK || status == Z_STREAM_END
  }

  private var failure: CommandFailure {
    var status: Int32 = 0
    // zlib puts the file's name first, which here is a descriptor number.
    let reason = gzerror(stream, &status).map { String(cString: $0) }?.split(separator: ": ").last ?? "it is damaged"
    return .noInput("\(name) cannot be read: \(reason)")
  }
}
