internal import JSON
internal import MasteryCore
internal import Schemas

/// The kept dead letters of the caller's school, by cause and singly.
struct DeadLetterList: Intent {
  private static let replayed = Field.boolean("replayed", "whether those that were replayed are shown too; false when missing")
  private static let offset = Field.integer("offset", 0...20_000, "how many of the latest letters are left out; 0 when missing")
  private static let limit = Field.integer("limit", 1...100, "how many letters are shown; 50 when missing")

  static let declaration = IntentDeclaration(
    name: "dead_letters", method: "GET", path: "/dead-letters",
    summary: "The kept dead letters of a school; how many of each cause, and each by itself, the latest first.", audience: .admins,
    perMinute: 3,
    fields: DeadLetterFields.declarations + [replayed.declaration, offset.declaration, limit.declaration], answers: [found.declaration],
    example: #"""
      {"limit":1}
      """#)

  /// The letters that agree, and the page of them that is shown.
  private struct Found {
    let letters: [KeptDeadLetter]
    let isComplete: Bool
    let page: [KeptDeadLetter]
  }

  private static let found = AnswerShape(
    "the letters",
    ObjectShape<Found>("DeadLetters", "kept dead letters, by cause and singly") {
      Member("total", .count, "the number of letters in all") { $0.letters.count }
      Member("is_complete", .boolean, "whether these are all; if not, there are more than are counted") { $0.isComplete }
      Member("causes", DeadLetterGroup.shape.shape.list(), "how many there are of each cause, the most first") {
        DeadLetterGroup.groups(of: $0.letters)
      }
      Member("letters", KeptDeadLetter.shape.shape.list(), "the letters of this page, the latest failure first") { $0.page }
    })

  private let filter: DeadLetterFilter
  private let offset: Int
  private let limit: Int

  init(_ fields: RequestFields) throws(JSONInvalid) {
    var filter = try DeadLetterFields.filter(fields)
    filter.includesReplayed = try fields.optional(Self.replayed) ?? false
    self.filter = filter
    offset = try fields.optional(Self.offset) ?? 0
    limit = try fields.optional(Self.limit) ?? 50
  }

  var subject: StudentID? { filter.student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let found = try await context.deadLetters(filter)
    let page = Array(found.letters[(offset..<offset + limit).clamped(to: found.letters.indices)])
    return Answer(
      Self.found, Found(letters: found.letters, isComplete: found.isComplete, page: page), showing: page.compactMap(\.owner?.student))
  }
}
