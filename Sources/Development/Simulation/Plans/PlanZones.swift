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

  /// What the days of a topic come to: in the worlds with courses each of the three rules, otherwise the latest day's score.
  var scoring: String {
    guard Self.hasCourses(seed: seed) else { return "latest" }
    return ["latest", "highest", "decaying_average"][Int(seed / 3 % 3)]
  }

  /// A configuration with these clocks and this scoring.
  var configuration: Configuration {
    var settings: [String: String] = [:]
    if seed % 5 == 4 { settings = ["TIME_ZONE": "America/Los_Angeles", "SCHOOL_TIME_ZONES": "oak=Asia/Tokyo"] }
    if scoring != "latest" { settings["SCORING"] = scoring }
    guard !settings.isEmpty else { return Configuration() }
    do { return try Configuration(environment: settings) } catch { preconditionFailure("\(error)") }
  }
}
