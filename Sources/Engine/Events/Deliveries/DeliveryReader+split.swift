internal import JSON

/// Reads a delivery that is split while it arrives.
extension DeliveryReader {
  /// Reads the text of a bulk delivery's entry.
  func bulkEntry(_ text: UnsafeRawBufferPointer) -> Delivery.Entry {
    do {
      return try JSONDocument.parseTolerantly(text) { (root) throws(Never) in bulkEntry(root) }
    } catch {
      return unparsedEntry(in: text, 0..<text.count)
    }
  }

  /// Reads an entry that is too large to be accepted, from the rest of it without its large members.
  func largeEntry(_ skeleton: UnsafeRawBufferPointer, _ original: Delivery.Original) -> Delivery.Entry {
    let read = try? JSONDocument.parse(skeleton) { (root) throws(Never) in bulkEntry(root) }
    return large(read, DeliveryMetadata(), original)
  }

  /// Reads a single event that is too large to be accepted, from the rest of it without its large members.
  func largeEvent(_ skeleton: [UInt8], _ original: Delivery.Original, _ facts: DeliveryMetadata) -> Delivery.Entry {
    let read = try? JSONDocument.parse(skeleton) { (root) throws(Never) in entry("", root, facts) }
    return large(read, facts, original)
  }

  /// The entry as refused for its size, with the fields that could be read.
  private func large(_ read: Delivery.Entry?, _ facts: DeliveryMetadata, _ original: Delivery.Original) -> Delivery.Entry {
    var original = original
    original.facts = read?.original?.facts ?? facts
    let length = original.truncation?.length ?? original.bytes.count
    let why = JSONInvalid(field: EventReader.whole, value: "\(length) bytes", constraint: EventReader.sizeConstraint)
    var rejection =
      switch read?.content {
      case .success(let event): event.rejection(why.description)
      case .failure(let rejection): rejection
      case nil: rejection(why.description, facts)
      }
    rejection.owner = Self.known(rejection.owner)
    (rejection.message, rejection.reason, rejection.rule) = (why.description, RejectionReason(of: why), why.rule)
    return Delivery.Entry(id: read?.id ?? "", content: .failure(rejection), original: original)
  }

  /// The owner found in the rest of a large event; nil without a school, because it is unknown whether the event had one.
  private static func known(_ owner: StudentKey?) -> StudentKey? { owner?.school == nil ? nil : owner }
}
