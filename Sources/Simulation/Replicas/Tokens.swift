internal import MasteryCore
internal import MasteryService

/// Makes the tokens of those who ask a replica about students.
struct Tokens: Sendable {
  private let mint: TokenMint?

  /// Tokens that a replica of these settings takes.
  init(_ configuration: Configuration) { mint = TokenMint(configuration) }

  /// The token of an administrator who may ask about a school's students at a moment, in milliseconds since 1970.
  func token(for school: String?, at moment: Int64) -> String {
    var order = TokenMint.Order(subject: "registrar", role: "admin")
    order.school = school
    return mint?.token(order, now: Timestamp(milliseconds: moment)) ?? ""
  }
}
