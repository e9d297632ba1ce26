internal import JSON
internal import Schemas

extension Problem {
  /// The form of `error`.
  static let shape = ObjectShape<Self>("Error", "why a request is refused, or fails") {
    Member("code", .word, "the kind of problem, for programs") { $0.code }
    Member("message", .text(), "what is wrong and what to do about it, in a sentence") { $0.message }
    Member("details", details, "a validation error's field, value and constraint; a limit's retry_after, limit and window") { $0.details }
  }

  private static let details = Shape<[Detail]>(.map(.either([.text(TextForm()), .integer(nil), .null]))) { details, json in
    json.object { json in
      for detail in details {
        if let value = detail.value, detail.isNumber {
          json.member(named: detail.name, raw: value.utf8)
        } else {
          json.member(named: detail.name, detail.value)
        }
      }
    }
  }
}
