internal import Encodings

/// What distinguishes one recorded store from another: the table "State" of the recordings.
struct StateRules: Sendable {
  let profile: DevSidecarSettings.Profile
  /// What values are sealed with; nil for an unencrypted store.
  var keys: EncryptionKeys?

  /// How a saved value is printed for the store.
  var printer: ValuePrinter {
    ValuePrinter(style: keys != nil ? .formatted : profile == .redis ? .sixDecimals : .json)
  }

  /// Whether the store keeps bytes that the sidecar made as base64.
  var wrapsBinary: Bool { profile == .sqlite }

  /// The value that an entry holds.
  ///
  /// - Throws: `UnreadableValue` if the store is encrypted and the value is not, or not with a known key.
  func value(of entry: StateEntry) throws(UnreadableValue) -> [UInt8] {
    guard let keys else { return entry.value }
    return try keys.open(entry.value)
  }

  /// Whether a refused operation rolls back the others of its transaction.
  var rollsBack: Bool { profile != .redis }

  /// Whether answers say when a value ends.
  var showsExpiry: Bool { profile != .redis }

  /// Whether a bulk get during an outage is a success with an error in each entry.
  var outageIsPerEntry: Bool { profile == .redis }

  /// Whether a write without a lifetime keeps the one in force: in Redis keys expire, not values.
  var keepsLifetime: Bool { profile == .redis }

  /// The ETag as callers see it.
  func etag(_ version: Bits128) -> String {
    profile == .redis ? String(version.low) : version.uuid
  }

  /// The version that follows.
  func version(after entry: StateEntry?, _ random: inout RandomBits) -> Bits128 {
    profile == .redis ? Bits128(high: 0, low: (entry?.version.low ?? 0) + 1) : random.uuid()
  }

  /// The order in which a bulk get answers: keys that were found, and those that were not.
  func ordered<Element>(_ entries: [Element], key: (Element) -> String, isFound: (Element) -> Bool) -> [Element] {
    switch profile {
    case .memory, .redis: entries
    case .sqlite: entries.filter(isFound).sorted { key($0) < key($1) } + entries.filter { !isFound($0) }
    case .postgres: entries.filter(isFound).reversed() + entries.filter { !isFound($0) }
    }
  }

  /// Why a change is refused.
  ///
  /// - Parameters:
  ///   - request: The change.
  ///   - entry: What the key holds now.
  ///   - name: The key as the store knows it, for the message.
  ///   - inTransaction: Whether it is part of a transaction.
  /// - Returns: The refusal; nil if the change is allowed.
  func refusal(of request: StateRequest, on entry: StateEntry?, name: String, inTransaction: Bool) -> StateRefusal? {
    guard let etag = request.etag, !etag.isEmpty else {
      guard request.isFirstWrite, request.value != nil, entry != nil else { return nil }
      return firstWriteRefusal(name: name, inTransaction: inTransaction)
    }
    guard profile == .redis else { return mismatch(etag, on: entry, name: name) }
    guard let asked = UInt64(etag) else { return .malformed("strconv.Atoi: parsing \"\(etag)\": invalid syntax") }
    guard let entry, entry.version.low != asked else { return nil }
    return .mismatch("ERR failed to \(request.value == nil ? "delete" : "set key") \(name)")
  }

  /// A first write to a key that exists.
  private func firstWriteRefusal(name: String, inTransaction: Bool) -> StateRefusal? {
    switch profile {
    case .memory: .mismatch("item already exists and no etag was passed")
    case .sqlite: .mismatch("item already exists")
    case .redis: inTransaction ? nil : .failed("failed to set key \(name): ERR failed to set key \(name)")
    case .postgres: .failed("no item was updated")
    }
  }

  private func mismatch(_ etag: String, on entry: StateEntry?, name: String) -> StateRefusal? {
    guard let entry else { return .mismatch("state not exist or expired for key=\(name)") }
    guard let asked = Bits128(uuid: etag) else { return .mismatch("\(etag) is no etag of key=\(name)") }
    return asked == entry.version
      ? nil : .mismatch("state etag not match for key=\(name): current=\(entry.version.uuid), expect=\(etag)")
  }
}
