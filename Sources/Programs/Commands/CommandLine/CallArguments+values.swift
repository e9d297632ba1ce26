internal import MasteryCore

extension CallArguments {
  /// The port given by an option; nil if the option is missing.
  ///
  /// - Throws: `CommandFailure.wrongCall` if it is not a port.
  func port(_ name: String) throws(CommandFailure) -> UInt16? {
    try number(name, 1...65_535).map { UInt16($0) }
  }

  /// The number given by an option; nil if the option is missing.
  ///
  /// - Throws: `CommandFailure.wrongCall` if it is not a number in the range.
  package func number(_ name: String, _ range: ClosedRange<Int>) throws(CommandFailure) -> Int? {
    guard let text = options[name] else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw .wrongCall("--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), got \"\(text)\"")
    }
    return value
  }

  /// The day given by an option; nil if the option is missing.
  ///
  /// - Throws: `CommandFailure.wrongCall` if it is not a day.
  func day(_ name: String) throws(CommandFailure) -> Day? {
    guard let text = options[name] else { return nil }
    guard let day = Day(iso8601: text) else { throw .wrongCall("--\(name) must be a day, YYYY-MM-DD, got \"\(text)\"") }
    return day
  }

  /// The moment given by an option, of a day its beginning in UTC; nil if the option is missing.
  ///
  /// - Throws: `CommandFailure.wrongCall` if it is neither.
  func moment(_ name: String) throws(CommandFailure) -> Timestamp? {
    guard let text = options[name] else { return nil }
    guard let moment = Day(iso8601: text).map(\.start) ?? Timestamp(iso8601: text) else {
      throw .wrongCall("--\(name) must be a day, YYYY-MM-DD, or an ISO 8601 time, got \"\(text)\"")
    }
    return moment
  }

  /// The address given by an option, without a trailing slash; nil if the option is missing.
  ///
  /// - Throws: `CommandFailure.wrongCall` if it is not an address.
  func address(_ name: String) throws(CommandFailure) -> String? {
    guard let text = options[name] else { return nil }
    return try address(text, name)
  }

  /// The addresses given by an option, separated by commas, without trailing slashes; nil if the option is missing.
  ///
  /// - Throws: `CommandFailure.wrongCall` if one of them is not an address.
  func addresses(_ name: String) throws(CommandFailure) -> [String]? {
    guard let text = options[name] else { return nil }
    var addresses: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) { addresses.append(try address(String(part), name)) }
    return addresses
  }

  private func address(_ text: String, _ name: String) throws(CommandFailure) -> String {
    let scheme = ["http://", "https://"].first(where: text.hasPrefix)
    guard let scheme, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.contains(where: "@?#\\".contains),
      Self.isAuthority(text.dropFirst(scheme.count).prefix { $0 != "/" })
    else {
      throw .wrongCall(
        "--\(name) must be an address, http://host:port with a port from 1 to 65535, without user, query or fragment, got \"\(text)\"")
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// Whether a text is a host, or an IPv6 address in brackets, optionally with a port.
  private static func isAuthority(_ text: Substring) -> Bool {
    let host = text.hasPrefix("[") ? text.prefix { $0 != "]" } + "]" : text.prefix { $0 != ":" }
    guard text.hasPrefix(host), host.contains(where: { !"[]".contains($0) }) else { return false }
    let port = text.dropFirst(host.count)
    return port.isEmpty || (port.hasPrefix(":") && UInt16(port.dropFirst()).map { $0 > 0 } ?? false)
  }
}
