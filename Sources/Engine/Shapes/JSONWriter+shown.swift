internal import JSON
internal import MasteryCore

extension JSONWriter {
  /// Writes a score rounded to 3 decimals for display.
  mutating func shown(_ value: Double) {
    number(Rounding.decimals(3, of: value))
  }
}
