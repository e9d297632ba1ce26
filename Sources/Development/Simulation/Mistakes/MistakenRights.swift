internal import DaprClient
internal import JSON

/// How planted mistakes about students' rights change what a replica reads and writes.
struct MistakenRights: Sendable {
  /// Consent as it was first read or last written, by key; empty if there is none.
  private var consents: [String: [UInt8]] = [:]
  /// Tombstones that are held back until everything else is cleaned, by key.
  private var tombstones: [String: SaveItem] = [:]

  /// What a replica sees of a stored value.
  mutating func read(_ bytes: [UInt8], at key: String, _ mistake: Mistake) -> [UInt8] {
    switch mistake {
    case .consentFromMemory where key.hasSuffix(":profile:current_mastery"):
      let known = consents[key] ?? Self.consent(in: bytes)
      consents[key] = known
      let without = DocumentEdit.replacing(bytes, at: ["ledger", "consent"]) { _ in nil }
      guard !known.isEmpty else { return without }
      return DocumentEdit.replacing(without, at: ["ledger", "epoch"]) { $0.compactBytes + Array(",\"consent\":".utf8) + known }
    case .cleanedBeforeTombstone: return tombstones[key]?.value ?? bytes
    default: return bytes
    }
  }

  /// Changes what a replica writes.
  mutating func change(_ item: inout SaveItem, _ mistake: Mistake) {
    switch mistake {
    case .consentFromMemory where item.key.hasSuffix(":profile:current_mastery"): consents[item.key] = Self.consent(in: item.value)
    case .asideWithoutETag where SidecarCall.save([item]).isAside: item.condition = .always
    case .withdrawalExpires where item.secondsToLive == -1: item.secondsToLive = 90 * 86_400
    case .cleanedBeforeTombstone where StoredDocument(item.value)?.isErasing == false:
      if let tombstone = tombstones.removeValue(forKey: item.key) { item.condition = tombstone.condition }
    default: break
    }
  }

  /// Whether a write is held back.
  mutating func holds(_ item: SaveItem, _ mistake: Mistake) -> Bool {
    guard mistake == .cleanedBeforeTombstone, StoredDocument(item.value)?.isErasing == true else { return false }
    tombstones[item.key] =
      tombstones[item.key].map { former in
        var item = item
        item.condition = former.condition
        return item
      } ?? item
    return true
  }

  private static func consent(in bytes: [UInt8]) -> [UInt8] {
    let text = try? JSONDocument.parse(bytes) { (root) throws(Never) in root["ledger"]?["consent"].map { $0.compactBytes } }
    return (text ?? nil) ?? []
  }
}
