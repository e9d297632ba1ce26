internal import MasteryCore
internal import MasteryService

/// Makes the tokens of callers who ask a replica about students.
struct Tokens: Sendable {
  private let mint: TokenMint?

  /// Tokens that a replica with this configuration accepts.
  init(_ configuration: Configuration) { mint = TokenMint(configuration) }

  /// The token of an administrator of a school, valid at a moment in milliseconds since 1970.
  func token(for school: String?, at moment: Int64) -> String {
    var order = TokenMint.Order(subject: "registrar", role: "admin")
    order.school = school
    return mint?.token(order, now: Timestamp(milliseconds: moment)) ?? ""
  }
}
