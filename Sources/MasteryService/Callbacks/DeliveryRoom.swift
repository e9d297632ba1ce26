/// The memory that the entries of one large delivery may take.
struct DeliveryRoom {
  /// Bytes for all entries together: two such deliveries at a time have room among the bodies under way.
  static let bytes = 20 << 20
  /// Bytes of them for entries with their whole originals; behind that, originals are kept by their heads.
  private static let bytesOfWholes = 12 << 20
  /// What an entry takes beside its original, about.
  private static let bytesOfEntry = 512
  /// Most bytes that are kept of an event that is too large to be taken in.
  static let largeHead = 4 << 10
  /// Most bytes that are kept of any other original, once there is no room for whole ones.
  private static let head = 1 << 10

  /// Whether what does not fit whole is left out.
  let keepsWhole: Bool
  private var entries = 0
  /// Bytes taken.
  private(set) var taken = 0
  /// Whether there was no room for an entry: none behind it has any, so that what is kept is the front of the delivery.
  private(set) var isFull = false

  /// Room with nothing in it.
  init(keepsWhole: Bool) {
    self.keepsWhole = keepsWhole
  }

  /// Takes room for an entry; nil when there is none.
  ///
  /// - Returns: The entry, its original cut where it has no room whole.
  mutating func fit(_ entry: Delivery.Entry) -> Delivery.Entry? {
    guard !isFull else { return nil }
    let size = entry.original?.bytes.count ?? 0
    var fitted = entry
    if !keepsWhole, size > EventReader.sizeLimit {
      fitted.original = entry.original?.cut(to: Self.largeHead)
    } else if !keepsWhole, taken + size > Self.bytesOfWholes {
      fitted.original = entry.original?.cut(to: Self.head)
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
