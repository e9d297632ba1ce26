internal import JSON

/// What the app's answers to deliveries mean, as recorded.
enum DeliveryAnswer {
  /// The fates of a batch's entries.
  static func fates(status: Int, body: [UInt8], of batch: Batch) -> [Fate] {
    guard (200..<300).contains(status) else {
      // A missing route counts as a message that nobody wants.
      return Array(repeating: status == 404 ? .taken : .again, count: batch.entries.count)
    }
    let read = try? JSONDocument.parse(body) { root -> [Fate]? in
      guard root.kind == .object else { return nil }
      return batch.subscription.bulk == nil ? [single(root)] : bulk(root, batch)
    }
    return (read ?? nil) ?? Array(repeating: .taken, count: batch.entries.count)
  }

  private static func single(_ root: JSONValue) -> Fate {
    root["status"].map { fate(of: $0.text) } ?? .taken
  }

  /// An entry missing from the answer comes again.
  private static func bulk(_ root: JSONValue, _ batch: Batch) -> [Fate] {
    var fates = Array(repeating: Fate.again, count: batch.entries.count)
    guard let statuses = root["statuses"] else { return fates }
    var next = 0
    for status in statuses.elements {
      guard let number = status["entryId"]?.text.flatMap(number) else { continue }
      // Answers usually keep the order of the entries, so the search usually ends where it begins.
      if next >= batch.entries.count || batch.entries[next].number != number {
        guard let index = batch.entries.firstIndex(where: { $0.number == number }) else { continue }
        next = index
      }
      fates[next] = fate(of: status["status"]?.text)
      next += 1
    }
    return fates
  }

  private static func number(_ text: JSONText) -> Int? {
    guard text.count > 0, text.count < 10 else { return nil }
    var number = 0
    for byte in text {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  private static func fate(of status: JSONText?) -> Fate {
    guard let status else { return .again }
    switch status {
    case "SUCCESS", "": return .taken
    case "DROP": return .dropped
    default: return .again
    }
  }
}
