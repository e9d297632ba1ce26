import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

/// Tokens from the tests' issuer.
enum Bearer {
  static let secret = "a secret of the tests, long enough for HS256"

  /// A token valid for an hour from the tests' clock on, or from another moment.
  static func token(
    _ subject: String, _ role: String, students: [String] = [], school: String? = nil, at milliseconds: Int64 = Stand.noon
  ) throws -> String {
    var order = TokenMint.Order(subject: subject, role: role)
    order.students = try students.map { try #require(StudentID($0)) }
    order.school = school
    return try #require(mint?.token(order, now: Timestamp(milliseconds: milliseconds)))
  }

  /// The maker of the tokens.
  static var mint: TokenMint? {
    var configuration = Configuration()
    configuration.jwtSecret = secret
    return TokenMint(configuration)
  }

  static func header(_ token: String) -> HTTPField { HTTPField("Authorization", "Bearer \(token)") }
}

extension Stand {
  /// A service as in production, which accepts the tokens of `Bearer`.
  static func production(
    sidecar: SimulatedSidecar = SimulatedSidecar(), seed: UInt64 = 1, _ configure: (inout Configuration) -> Void = { _ in }
  ) -> Stand {
    Stand(sidecar: sidecar, seed: seed) { configuration in
      configuration.environment = .production
      configuration.jwtSecret = Bearer.secret
      configure(&configuration)
    }
  }
}
