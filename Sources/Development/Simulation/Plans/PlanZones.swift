internal import MasteryService
internal import NaiveMastery

extension Plan {
  /// The wall clocks of a school: in every fifth world those of Tokyo and Los Angeles, otherwise those of UTC.
  static func zone(of school: String?, seed: UInt64) -> NaiveZone {
    guard seed % 5 == 4 else { return .utc }
    return school == "oak" ? .tokyo : .losAngeles
  }

  /// The wall clocks of a school.
  func zone(of school: String?) -> NaiveZone { Self.zone(of: school, seed: seed) }

  /// A configuration with these clocks.
  var configuration: Configuration {
    guard seed % 5 == 4 else { return Configuration() }
    let settings = ["TIME_ZONE": "America/Los_Angeles", "SCHOOL_TIME_ZONES": "oak=Asia/Tokyo"]
    do { return try Configuration(environment: settings) } catch { preconditionFailure("\(error)") }
  }
}
