internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Schemas

/// The kept dead letters of one event, with the event, and what became of them if they were replayed.
struct DeadLetterRequest: Intent {
  private static let id = Field<String>("event_id", .eventID, "the event whose letters are asked for") {
    $0.identifier.flatMap { EventID($0)?.text }
  }
  /// An event fails a few times at the most; its corrections have the same id.
  private static let most = 20

  static let declaration = IntentDeclaration(
    name: "dead_letter", method: "GET", path: "/dead-letters/{event_id}",
    summary: "The kept dead letters of an event; each with the event itself, and what became of its replay.", audience: .admins,
    perMinute: 6, fields: [id.required], answers: [found.declaration],
    example: #"""
      {"event_id":"anna-functions-20527"}
      """#)

  /// A letter with its event.
  private struct Content {
    let letter: KeptDeadLetter
    let text: [UInt8]
    /// Nil if it has not been replayed.
    let fate: ReplayedDeadLetter.Fate?
  }

  private static let content = ObjectShape<Content>("DeadLetterWithContent", "a dead letter with its event") {
    Member.all(of: KeptDeadLetter.members) { $0.letter }
    Member("content", KeptDeadLetter.content, "the letter as it is kept; to replay it, mend its event and give it back") { $0.text }
    Member.optional(
      "outcome", ReplayedDeadLetter.Fate.members.shape, "what became of the event where it was replayed"
    ) { $0.fate }
  }

  private static let found = AnswerShape(
    "the letters of the event",
    ObjectShape<[Content]>("DeadLettersOfEvent", "the kept dead letters of an event") {
      Member("letters", content.shape.list(0...most), "the letters, the latest failure first") { $0 }
    })

  private let id: String

  init(_ fields: RequestFields) throws(JSONInvalid) {
    id = try fields.required(Self.id)
  }

  var subject: StudentID? { nil }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    var filter = DeadLetterFilter()
    filter.events = [id]
    filter.includesReplayed = true
    let found = Array(try await context.deadLetters(filter).letters.prefix(Self.most))
    guard !found.isEmpty else { throw .notFound("no dead letter of the event \(id) is kept") }
    let contents = try await contents(of: found, context)
    return Answer(Self.found, contents, showing: found.compactMap(\.owner?.student))
  }

  private func contents(of letters: [KeptDeadLetter], _ context: IntentContext) async throws(Problem) -> [Content] {
    do throws(SidecarFailure) {
      var texts: [(letter: KeptDeadLetter, text: [UInt8])] = []
      try await context.deadLetters.read(letters) { texts.append(($0, $1)) }
      var contents: [Content] = []
      for (letter, text) in texts.sorted(by: { $0.letter.failedAt > $1.letter.failedAt }) {
        let fate = letter.replayed == nil ? nil : try await context.deadLetters.outcome(of: letter)
        contents.append(Content(letter: letter, text: text, fate: fate))
      }
      return contents
    } catch {
      throw .unavailable("the state store")
    }
  }
}
