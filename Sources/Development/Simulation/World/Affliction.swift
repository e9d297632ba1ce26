/// Damage to a document, done without the sidecar.
struct Affliction: Sendable {
  /// The head of a future release's document, which this release must not touch.
  static let future = #"{"schema":9,"#
  /// The head of the next release's document, with a field that this release does not know.
  static let next = #"{"schema":2,"next":{"a":[1,2.5,null]},"#
  /// Another writer's content.
  private static let handwriting = Array("written by hand".utf8)
  /// The stored form of an encrypted value.
  private static let ciphertext = Array("U2VhbGVkIHVuZGVyIGEga2V5IHRoYXQgaXMgZ29uZQ==||key-one".utf8)
  private static let present = #"{"schema":1,"#

  private let parts: WorldParts
  private let key: String
  private let fault: Fault

  init(_ parts: WorldParts, key: String, _ fault: Fault) {
    self.parts = parts
    self.key = key
    self.fault = fault
  }

  /// Applies the damage.
  ///
  /// - Returns: Whether it was applied: a document is damaged only once, and some damage needs an existing document.
  func begin(lasting length: Int) -> Bool {
    let now = parts.timeline.now
    guard !parts.chronicle.content.afflicted.contains(where: { $0.documentKey == key && $0.fault != .nextSchema }) else { return false }
    let standing = parts.store.stored(key)?.value
    parts.chronicle.note { [key] in $0.troubled.insert(key) }
    switch fault {
    case .keyFailsForGood: parts.weather.fails(key, until: .max)
    case .keyFailsNowAndThen:
      failNowAndThen(length)
      return true
    case .saveRefused:
      parts.weather.refuses(key, until: now + Int64(length))
      return note(fault, from: now, until: now + Int64(length))
    case .unreadableDocument, .foreignValue, .encryptionKeyGone, .encryptionKeyChanged:
      guard let standing, put(insteadOf: standing) else { return false }
      return note(.unreadableDocument, from: now, until: nil)
    case .savedAsValue:
      guard let standing else { return false }
      parts.store.put(standing, at: key, as: .object)
      // An encrypted store formats it as Go does, which nobody can read.
      if parts.plan.isEncrypted { return note(.unreadableDocument, from: now, until: nil) }
      return parts.plan.profile == .redis ? note(.savedAsValue, from: now, until: nil) : true
    case .nextSchema:
      guard let standing, let changed = replacingHead(of: standing, by: Self.next) else { return false }
      parts.store.put(changed, at: key)
    default:
      guard let standing, let changed = replacingHead(of: standing, by: Self.future) else { return false }
      parts.store.put(changed, at: key)
      let endsAt = parts.store.stored(key)?.endsAt ?? .max
      parts.timeline.after(length) { [self] in takeBack(standing, changed, endsAt: endsAt) }
      return note(fault, from: now, until: now + Int64(length))
    }
    return note(fault, from: now, until: nil)
  }

  /// Replaces a document with something unreadable; false if the fault does not apply to this store.
  private func put(insteadOf standing: [UInt8]) -> Bool {
    switch fault {
    case .foreignValue: parts.store.put(Self.handwriting, at: key, as: .foreign)
    case .encryptionKeyGone where parts.plan.isEncrypted: parts.store.put(Self.ciphertext, at: key, as: .lost)
    case .encryptionKeyChanged where parts.plan.isEncrypted: parts.store.put(Self.ciphertext, at: key, as: .sealed)
    case .unreadableDocument: parts.store.put(damaged(standing), at: key)
    default: return false
    }
    return true
  }

  /// Makes a non-document value unreadable.
  ///
  /// - Returns: Whether there was one.
  static func befallAside(_ parts: WorldParts, _ target: Int) -> Bool {
    let keys = parts.store.keys.filter { !$0.hasSuffix(":profile:current_mastery") }
    guard !keys.isEmpty else { return false }
    let key = keys[target % keys.count]
    let form: StoredForm = parts.plan.isEncrypted ? [.foreign, .lost, .sealed][target % 3] : .foreign
    parts.store.put(form == .foreign ? handwriting : ciphertext, at: key, as: form)
    parts.chronicle.note { $0.afflictedAside.insert(key) }
    parts.trace.note("\(key) becomes unreadable: \(form)")
    return true
  }

  /// Makes the key fail for some seconds, several times, each too short for a replica to give the key up.
  private func failNowAndThen(_ length: Int) {
    for spell in 0..<4 {
      parts.timeline.after(spell * (16 * 60_000 + length)) { [self] in
        guard parts.plan.isRough(at: parts.moment) else { return }
        parts.weather.fails(key, until: parts.timeline.now + 20_000)
      }
    }
  }

  /// Records the damage; why a document is unreadable makes no difference to the laws.
  private func note(_ fault: Fault, from: Int64, until: Int64?) -> Bool {
    parts.chronicle.note { $0.afflicted.append(.init(documentKey: key, fault: fault, from: from, until: until)) }
    return true
  }

  /// Restores the former content, as the future release would.
  private func takeBack(_ standing: [UInt8], _ changed: [UInt8], endsAt: Int64) {
    let isOver = parts.timeline.now >= endsAt
    let found = isOver ? parts.store.writes.last { $0.key == key && $0.at < endsAt }?.value : parts.store.stored(key)?.value
    if found != changed { parts.chronicle.note { $0.overwritten.append(key) } }
    // An expired value cannot be restored.
    guard !isOver else { return }
    parts.trace.note("\(key) is restored by the future release")
    parts.store.put(standing, at: key)
  }

  private func damaged(_ bytes: [UInt8]) -> [UInt8] {
    // Either no longer JSON, or JSON that is not a document.
    parts.random.once(in: 2) ? Array(bytes.prefix(bytes.count / 2)) : Array(#"{"schema":1,"student_id":"somebody else"}"#.utf8)
  }

  private func replacingHead(of bytes: [UInt8], by head: String) -> [UInt8]? {
    guard bytes.starts(with: Self.present.utf8) else { return nil }
    return Array(head.utf8) + bytes.dropFirst(Self.present.utf8.count)
  }
}
