/// The memory budget for the entries of one large delivery.
struct DeliveryRoom {
  /// Bytes for all entries together: two such deliveries at a time fit among the bodies in transit.
  static let bytes = 20 << 20
  /// Bytes for entries with complete originals; beyond that, only the first bytes of originals are kept.
  private static let bytesOfWholes = 12 << 20
  /// Approximate bytes of an entry beside its original.
  private static let bytesOfEntry = 512
  /// Maximum bytes kept of an event that is too large to be accepted.
  static let largeHead = 4 << 10
  /// Maximum bytes kept of any other original once there is no room for complete ones.
  private static let head = 1 << 10

  /// Whether an entry that does not fit completely is left out.
  let keepsWhole: Bool
  private var entries = 0
  /// Bytes in use.
  private(set) var taken = 0
  /// Whether an entry did not fit: later ones are then left out too, so that the kept part is the front of the delivery.
  private(set) var isFull = false

  /// Creates an empty budget.
  init(keepsWhole: Bool) {
    self.keepsWhole = keepsWhole
  }

  /// Takes room for an entry; nil if there is none.
  ///
  /// - Returns: The entry, with its original cut if it does not fit completely.
  mutating func fit(_ entry: Delivery.Entry) -> Delivery.Entry? {
    guard !isFull else { return nil }
    let size = entry.original?.bytes.count ?? 0
    var fitted = entry
    if !keepsWhole, size > EventReader.sizeLimit {
      fitted.original = entry.original?.truncated(to: Self.largeHead)
    } else if !keepsWhole, taken + size > Self.bytesOfWholes {
      fitted.original = entry.original?.truncated(to: Self.head)
    }
    let bytes = Self.bytesOfEntry + entry.id.utf8.count + (fitted.original?.bytes.count ?? 0)
    guard taken + bytes <= Self.bytes, entries < Delivery.entryLimit else {
      isFull = true
      return nil
    }
    taken += bytes
    entries += 1
    return fitted
  }
}
