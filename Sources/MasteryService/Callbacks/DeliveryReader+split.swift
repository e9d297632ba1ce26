internal import JSON

/// Reading a delivery that is taken apart while it comes in.
extension DeliveryReader {
  /// Reads the text of a bulk delivery's entry.
  func bulkEntry(_ text: UnsafeRawBufferPointer) -> Delivery.Entry {
    do {
      return try JSONDocument.parseTolerantly(text) { (root) throws(Never) in bulkEntry(root) }
    } catch {
      return unparsedEntry(in: text, 0..<text.count)
    }
  }

  /// An entry that is too large to be taken in, by what is left of it without its large members.
  func largeEntry(_ skeleton: UnsafeRawBufferPointer, _ original: Delivery.Original) -> Delivery.Entry {
    let read = try? JSONDocument.parse(skeleton) { (root) throws(Never) in bulkEntry(root) }
    return large(read, DeliveryMetadata(), original)
  }

  /// A single event that is too large to be taken in, by what is left of it without its large members.
  func largeEvent(_ skeleton: [UInt8], _ original: Delivery.Original, _ facts: DeliveryMetadata) -> Delivery.Entry {
    let read = try? JSONDocument.parse(skeleton) { (root) throws(Never) in entry("", root, facts) }
    return large(read, facts, original)
  }

  /// The entry as refused for its size, with what could be read of it.
  private func large(_ read: Delivery.Entry?, _ facts: DeliveryMetadata, _ original: Delivery.Original) -> Delivery.Entry {
    var original = original
    original.facts = read?.original?.facts ?? facts
    let length = original.cut?.length ?? original.bytes.count
    let why = JSONInvalid(field: EventReader.whole, value: "\(length) bytes", constraint: EventReader.sizeConstraint)
    var refusal =
      switch read?.content {
      case .success(let event): event.refusal(why.description)
      case .failure(let refusal): refusal
      case nil: refusal(why.description, facts)
      }
    refusal.owner = Self.known(refusal.owner)
    (refusal.message, refusal.reason, refusal.rule) = (why.description, RefusalReason(of: why), why.rule)
    return Delivery.Entry(id: read?.id ?? "", content: .failure(refusal), original: original)
  }

  /// The owner that is left of a large event: where no school is left, nobody knows whether it had one.
  private static func known(_ owner: StudentKey?) -> StudentKey? { owner?.school == nil ? nil : owner }
}
