internal import CSimdJSON

/// A JSON text that simdjson has parsed and validated.
///
/// The values of a document point into the parser's buffers, so they live inside the closure that `parse` calls and no longer, as with
/// `withUnsafeBytes`: copy strings and numbers out, never a `JSONValue`.
public enum JSONDocument {
  /// Parses a text and hands its root to a closure.
  ///
  /// Duplicate members are kept in order; a look-up finds the first. Depth is limited to 1,024, numbers to what a double or a 64-bit
  /// integer can hold, and the text must be UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - read: What to do with the root value; it must not let a value escape.
  /// - Returns: The closure's result.
  /// - Throws: `JSONFailure.malformed` if the text is not JSON; the closure's error, wrapped in `JSONFailure.reading`.
  @inlinable
  public static func parse<Result, Failure>(
    _ bytes: [UInt8], _ read: (JSONValue) throws(Failure) -> Result
  ) throws(JSONFailure<Failure>) -> Result {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONFailure<Failure>) in try parse(UnsafeRawBufferPointer(buffer), read) }
  }

  /// Parses a text in memory that the caller keeps, as `parse(_:_:)` does.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - read: What to do with the root value; it must not let a value escape.
  /// - Returns: The closure's result.
  /// - Throws: `JSONFailure.malformed` if the text is not JSON; the closure's error, wrapped in `JSONFailure.reading`.
  public static func parse<Result, Failure>(
    _ bytes: UnsafeRawBufferPointer, _ read: (JSONValue) throws(Failure) -> Result
  ) throws(JSONFailure<Failure>) -> Result {
    guard let parser = ParserPool.shared.take() else { throw .malformed("no memory for a JSON parser") }
    defer { ParserPool.shared.giveBack(parser, used: bytes.count) }
    let document = csimdjson_parse(
      parser.handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, 0)
    guard document.error == 0, let tape = document.tape, let strings = document.strings else {
      throw .malformed(String(cString: csimdjson_error_text(document.error)))
    }
    do {
      return try read(JSONValue(tape: tape, strings: strings, index: 1))
    } catch {
      throw .reading(error)
    }
  }

  /// The text with U+FFFD for each half of a surrogate pair, and a double for each whole number beyond 64 bits: some readers refuse those.
  ///
  /// - Parameter bytes: The whole text.
  /// - Returns: The text itself if there is nothing to mend.
  public static func mended(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { JSONMending.mended($0) } ?? bytes
  }

  /// Parses a text as `parse(_:_:)` does, and also accepts what some writers emit: a byte order mark, halves of surrogate pairs, and whole
  /// numbers beyond 64 bits.
  ///
  /// A half of a pair is read as U+FFFD, and such a number as a double.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - read: What to do with the root value; it must not let a value escape.
  /// - Returns: The closure's result.
  /// - Throws: `JSONFailure.malformed` if the text is still not JSON; the closure's error, wrapped in `JSONFailure.reading`.
  public static func parseTolerantly<Result, Failure>(
    _ bytes: UnsafeRawBufferPointer, _ read: (JSONValue) throws(Failure) -> Result
  ) throws(JSONFailure<Failure>) -> Result {
    let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    let text = hasMark ? UnsafeRawBufferPointer(rebasing: bytes[3...]) : bytes
    do {
      return try parse(text, read)
    } catch {
      guard case .malformed = error, let mended = JSONMending.mended(text) else { throw error }
      return try parse(mended, read)
    }
  }
}
