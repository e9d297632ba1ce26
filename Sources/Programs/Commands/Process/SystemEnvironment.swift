internal import Glibc
internal import MasteryService

/// The environment of the process.
enum SystemEnvironment {
  /// The settings in the environment.
  static var settings: [String: String] {
    var found: [String: String] = [:]
    for setting in Configuration.settings {
      if let value = value(setting.name) { found[setting.name] = value }
    }
    return found
  }

  /// A variable; nil if it is missing or empty.
  static func value(_ name: String) -> String? {
    getenv(name).flatMap { $0.pointee == 0 ? nil : String(cString: $0) }
  }
}
