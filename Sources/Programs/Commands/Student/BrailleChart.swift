/// A dot chart for a terminal: each Unicode Braille character holds two columns and four rows of dots.
struct BrailleChart {
  /// The bits of a pattern's dots, by column and row from the top (The Unicode Standard, Braille Patterns).
  private static let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
  private static let blank: UInt32 = 0x2800

  /// Bits by line and character.
  private var patterns: [[UInt32]]

  /// Creates an empty chart with the given columns of dots and lines of text.
  init(columns: Int, rows: Int) {
    patterns = Array(repeating: Array(repeating: 0, count: (columns + 1) / 2), count: rows)
  }

  /// Draws a dot for a value from 0, at the bottom, to 1.
  mutating func draw(_ value: Double, at column: Int) {
    let last = patterns.count * 4 - 1
    let row = last - Int((min(max(value, 0), 1) * Double(last)).rounded())
    patterns[row / 4][column / 2] |= Self.bits[column % 2][row % 4]
  }

  /// The chart's lines from the top.
  var lines: [String] {
    patterns.map { line in String(String.UnicodeScalarView(line.compactMap { Unicode.Scalar(Self.blank + $0) })) }
  }
}
