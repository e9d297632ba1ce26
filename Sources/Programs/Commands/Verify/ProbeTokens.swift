internal import MasteryCore
internal import MasteryService

/// The tokens of whoever a verification asks as.
struct ProbeTokens: Sendable {
  /// The roles.
  static let roles = ["student", "teacher", "admin", "service"]

  /// Tokens by role.
  private(set) var byRole: [String: String] = [:]

  /// No tokens, for a service that needs none.
  init() {}

  /// Takes the tokens of the environment, or makes some where it has the secret of a service that is not in production.
  ///
  /// - Parameters:
  ///   - value: A variable of the environment.
  ///   - school: The school that they are for.
  ///   - now: The time.
  /// - Throws: `CommandFailure.badSetting` if there are none, and a setting that they would be made with is wrong.
  init(_ value: (String) -> String?, school: SchoolID?, now: Timestamp) throws(CommandFailure) {
    for role in Self.roles { byRole[role] = value(Self.variable(of: role)) }
    guard byRole.isEmpty, value("JWT_SECRET") != nil else { return }
    var settings: [String: String] = [:]
    for setting in Configuration.settings { settings[setting.name] = value(setting.name) }
    let configuration = try ServeCommand.read(settings)
    guard configuration.environment != .production, let mint = TokenMint(configuration) else { return }
    for role in Self.roles {
      var order = TokenMint.Order(subject: "verify-\(role)", role: role)
      order.school = school?.text
      byRole[role] = mint.token(order, now: now)
    }
  }

  /// The name of the variable that has a role's token.
  static func variable(of role: String) -> String { "MASTERY_\(role.uppercased())_TOKEN" }
}
