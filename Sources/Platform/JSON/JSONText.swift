internal import Glibc

/// The bytes of a string or a key, escapes resolved, valid UTF-8, borrowed from the parser.
public struct JSONText: Sequence {
  @usableFromInline let start: UnsafePointer<UInt8>
  /// Number of bytes.
  public let count: Int

  @inlinable init(start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
  }

  /// The bytes themselves.
  @inlinable public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// A copy of the text.
  @inlinable public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Iterates over the bytes.
  @inlinable public func makeIterator() -> UnsafeBufferPointer<UInt8>.Iterator { bytes.makeIterator() }

  /// Whether both are the same bytes.
  @inlinable public static func == (text: JSONText, other: StaticString) -> Bool {
    text.equals(other.utf8Start, other.utf8CodeUnitCount)
  }

  /// Whether the other, known at run time only, is the same bytes.
  public func matches(_ other: String) -> Bool {
    let isEqual = other.utf8.withContiguousStorageIfAvailable { $0.count == count && memcmp($0.baseAddress ?? start, start, count) == 0 }
    return isEqual ?? (count == other.utf8.count && bytes.elementsEqual(other.utf8))
  }

  /// Lets a `switch` compare a key with literals.
  @inlinable public static func ~= (literal: StaticString, text: JSONText) -> Bool { text == literal }

  @usableFromInline
  func equals(_ other: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    count == length && memcmp(start, other, length) == 0
  }
}
