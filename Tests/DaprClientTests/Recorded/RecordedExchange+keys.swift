import Foundation

extension RecordedExchange {
  /// The sidecar's answer to a read of that key alone, at the time of this bulk get; nil if none was recorded.
  ///
  /// It is the nearest such read with no write of the key in between. A key that was never written is missing.
  func singleAnswer(for key: String) -> Message? {
    let target = target.replacing(/\/bulk$/, with: "/\(key)")
    for lines in [Array((0..<line).reversed()), Array((line + 1)..<Self.all.count)] {
      for other in lines.lazy.map({ Self.all[$0] }).prefix(while: { $0.area == area }) {
        if other.method == "GET", other.target == target { return other.response }
        if other.writes(key) { break }
      }
    }
    let isWritten = Self.all.contains { $0.store == store && $0.writes(key) }
    return isWritten ? nil : Message(status: 204)
  }

  /// What the case belongs to: `state-redis-keys-first`.
  private var area: Substring { name.prefix { $0 != "/" } }

  /// The store that the case was recorded with, the same for all steps of a change of keys.
  private var store: Substring { area.firstRange(of: "-keys-").map { area[..<$0.lowerBound] } ?? area }

  private func writes(_ key: String) -> Bool { Self.writtenKeys[line].contains(key) }

  /// The keys that each line saves or deletes.
  private static let writtenKeys: [Set<String>] = all.map { exchange in
    guard exchange.target.hasPrefix("/v1.0/state/") else { return [] }
    if exchange.method == "DELETE" {
      return Set(exchange.target.split(separator: "?").first?.split(separator: "/").suffix(1).map(String.init) ?? [])
    }
    guard exchange.method == "POST", !exchange.target.hasSuffix("/bulk") else { return [] }
    let body = jsonValue(exchange.request.body)
    let steps = (body as? [String: Any])?["operations"] as? [[String: Any]]
    let items = body as? [[String: Any]] ?? steps?.compactMap { $0["request"] as? [String: Any] } ?? []
    return Set(items.compactMap { $0["key"] as? String })
  }
}
