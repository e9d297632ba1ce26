internal import Encodings

/// What a span is known by in other processes: the ids and flags of a W3C trace parent of version 00.
public struct SpanContext: Hashable, Sendable {
  /// The first half of the trace's id.
  private let high: UInt64
  /// The second half of the trace's id.
  private let low: UInt64
  /// The span's own id.
  private let span: UInt64
  private let flags: UInt8

  /// A span that begins a trace of its own, and is sampled.
  ///
  /// - Parameter random: A random word, drawn three times.
  public init(random: () -> UInt64) {
    (high, low, span, flags) = (Self.word(random), random(), Self.word(random), 1)
  }

  /// A span of the same trace as another, sampled as that is.
  ///
  /// - Parameters:
  ///   - parent: The other span.
  ///   - random: A random word, drawn once.
  public init(below parent: Self, random: () -> UInt64) {
    (high, low, span, flags) = (parent.high, parent.low, Self.word(random), parent.flags)
  }

  /// An id of only zeros is invalid.
  private static func word(_ random: () -> UInt64) -> UInt64 { max(1, random()) }

  /// Reads a trace parent; nil if it is none of version 00.
  public init?(traceparent text: String) {
    var text = text
    guard let read = text.withUTF8({ Self(traceparent: $0) }) else { return nil }
    self = read
  }

  /// Reads a trace parent; nil if it is none of version 00.
  public init?(traceparent text: UnsafeBufferPointer<UInt8>) {
    guard text.count == 55, text.starts(with: "00-".utf8) else { return nil }
    var (high, low, span, flags) = (UInt64(0), UInt64(0), UInt64(0), UInt8(0))
    for position in 3..<55 {
      let byte = text[position]
      guard position != 35, position != 52 else {
        if byte != UInt8(ascii: "-") { return nil }
        continue
      }
      // Upper case is invalid here.
      guard !(0x41...0x46).contains(byte), let digit = Hexadecimal.value(byte) else { return nil }
      switch position {
      case ..<19: high = high << 4 | UInt64(digit)
      case ..<35: low = low << 4 | UInt64(digit)
      case ..<52: span = span << 4 | UInt64(digit)
      default: flags = flags << 4 | digit
      }
    }
    guard high | low != 0, span != 0 else { return nil }
    (self.high, self.low, self.span, self.flags) = (high, low, span, flags)
  }

  /// Whether whoever began the trace wants its spans.
  public var isSampled: Bool { flags & 1 == 1 }

  /// The id of the trace, 32 hexadecimal digits.
  public var traceID: String { Hexadecimal.text(high) + Hexadecimal.text(low) }

  /// The id of the span, 16 hexadecimal digits.
  public var spanID: String { Hexadecimal.text(span) }

  /// The context as a trace parent.
  public var traceparent: String { "00-\(traceID)-\(spanID)-\(Hexadecimal.text(UInt64(flags)).suffix(2))" }

  /// Whether another span is of the same trace.
  public func isInTrace(of other: Self) -> Bool { high == other.high && low == other.low }
}
