extension CallArguments {
  /// The port that an option names; nil when the option is not there.
  ///
  /// - Throws: `CommandFailure.wrongCall` when it is no port.
  func port(_ name: String) throws(CommandFailure) -> UInt16? {
    try number(name, 1...65_535).map { UInt16($0) }
  }

  /// The number that an option names; nil when the option is not there.
  ///
  /// - Throws: `CommandFailure.wrongCall` when it is no number of the range.
  func number(_ name: String, _ range: ClosedRange<Int>) throws(CommandFailure) -> Int? {
    guard let text = options[name] else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw .wrongCall("--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return value
  }
}
