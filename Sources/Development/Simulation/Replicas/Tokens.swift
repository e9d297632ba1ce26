internal import MasteryCore
internal import MasteryService

/// Issues tokens for callers of a replica.
struct Tokens: Sendable {
  private let mint: TokenMint?

  /// Creates tokens that a replica with this configuration accepts.
  init(_ configuration: Configuration) { mint = TokenMint(configuration) }

  /// A token for an administrator of a school, valid at a time in milliseconds since 1970.
  func token(for school: String?, at moment: Int64) -> String {
    var order = TokenMint.Order(subject: "registrar", role: "admin")
    order.school = school
    return mint?.token(order, now: Timestamp(milliseconds: moment)) ?? ""
  }
}
