internal import Encodings
internal import JSON
internal import MasteryCore

/// The entries of a large delivery, read one by one as they arrive.
struct SplitDelivery: ~Copyable {
  private let reader: DeliveryReader
  private let facts: DeliveryMetadata
  private var room: DeliveryRoom
  private var entries: [Delivery.Entry] = []
  private var leftOut = 0
  /// The first bytes of skipped content, at most `DeliveryRoom.largeHead` bytes.
  private var head: [UInt8] = []
  private var digest = RunningDigest()
  private var isInLarge = false
  private var isPastEvent = false

  /// Creates a delivery without content.
  init(_ facts: DeliveryMetadata, keepsWhole: Bool, now: Timestamp) {
    reader = DeliveryReader(now: now, keepsOriginals: true)
    self.facts = facts
    room = DeliveryRoom(keepsWhole: keepsWhole)
  }

  /// Approximate bytes of memory held.
  var keptBytes: Int { room.taken }

  /// Takes the next part found in the body.
  mutating func take(_ found: JSONSplitter.Found) {
    switch found {
    case .element(let text): if room.isFull { leftOut += 1 } else { keep(reader.bulkEntry(text)) }
    case .preamble(let text): pass(text)
    case .part(let text):
      if !isInLarge { restart() }
      isInLarge = true
      if !isPastEvent { pass(text) }
    // The event is the original, not its envelope.
    case .innerBegins: restart()
    case .innerEnds: isPastEvent = true
    case .large(let skeleton):
      isInLarge = false
      let original = passedOver()
      if room.isFull { leftOut += 1 } else { keep(reader.largeEntry(skeleton, original)) }
    }
  }

  /// The delivery, once everything has arrived.
  ///
  /// - Parameters:
  ///   - isBulk: Whether it is a bulk delivery.
  ///   - skeleton: The rest of the body without its large members.
  /// - Returns: All entries that had room, or the single event, refused for its size.
  mutating func finish(isBulk: Bool, skeleton: [UInt8]) -> Delivery {
    if isBulk { return Delivery(isBulk: true, entries: entries, leftOut: leftOut) }
    return Delivery(isBulk: false, entries: [reader.largeEvent(skeleton, passedOver(), facts)])
  }

  private mutating func keep(_ entry: Delivery.Entry) {
    if let entry = room.fit(entry) { entries.append(entry) } else { leftOut += 1 }
  }

  private mutating func pass(_ text: UnsafeRawBufferPointer) {
    digest.take(text)
    head.append(contentsOf: text.prefix(DeliveryRoom.largeHead - head.count))
  }

  private mutating func passedOver() -> Delivery.Original {
    let length = digest.count
    let original = Delivery.Original(bytes: head, truncation: Delivery.Original.Truncation(length: length, digest: digest.finish()))
    restart()
    return original
  }

  private mutating func restart() {
    head.removeAll(keepingCapacity: true)
    digest.restart()
    isPastEvent = false
  }
}
