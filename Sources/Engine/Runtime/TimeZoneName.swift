internal import CZones
internal import Encodings
internal import MasteryCore

/// A zone of the system's tz database.
///
/// `@unchecked Sendable`: the database never changes what it has handed out.
struct TimeZoneName: @unchecked Sendable, Hashable {
  /// The name, such as `Europe/Berlin`.
  let name: String
  private let zone: UnsafeRawPointer

  /// Finds a zone; nil if there is none of that name.
  init?(_ name: String) {
    let isName = name.utf8.allSatisfy { $0.isLetterOrDigit || "_-+/".utf8.contains($0) }
    guard isName, !name.isEmpty, let zone = zones_find(name) else { return nil }
    (self.name, self.zone) = (name, zone)
  }

  /// The offset of its wall clocks at a moment, daylight saving included.
  func offset(at moment: Timestamp) -> UTCOffset { UTCOffset(minutes: Int(zones_offset(zone, moment.seconds)) / 60) ?? .zero }
}
