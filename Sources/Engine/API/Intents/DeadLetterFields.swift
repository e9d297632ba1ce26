internal import DaprClient
internal import JSON
internal import MasteryCore

/// The fields that choose kept dead letters, the same for all intents about them.
enum DeadLetterFields {
  private static let cause = Field<String>("cause", .text(limit: 120), "only those of a cause; as the list names it") {
    $0.string.flatMap { $0.utf8.count <= 120 ? $0 : nil }
  }
  private static let type = Field<String>("type", .text(limit: 200), "only those of events of a type; as the events name it") {
    $0.string.flatMap { $0.utf8.count <= 200 ? $0 : nil }
  }
  private static let student = Field.student("only those of a student")
  private static let from = Field<Timestamp>("from", .timestamp, "only those that failed since then") { EventTime.read($0) }

  static let declarations = [cause.declaration, type.declaration, student.declaration, from.declaration]

  /// The filter that the fields of a request state.
  ///
  /// - Throws: `JSONInvalid` if a value breaks its declaration.
  static func filter(_ fields: RequestFields) throws(JSONInvalid) -> DeadLetterFilter {
    var filter = DeadLetterFilter()
    filter.cause = try fields.optional(cause)
    filter.eventType = try fields.optional(type)
    filter.student = try fields.optional(student)
    filter.from = try fields.optional(from)
    return filter
  }
}

extension IntentContext {
  /// The kept dead letters.
  var deadLetters: KeptDeadLetters { KeptDeadLetters(store: store, runtime: runtime, context: call) }

  /// Letters of the caller's school; what is nobody's is never among them.
  ///
  /// - Throws: `Problem` if the store gives no answer.
  func deadLetters(_ filter: DeadLetterFilter) async throws(Problem) -> KeptDeadLetters.Found {
    do throws(SidecarFailure) {
      return try await deadLetters.found(filter, of: .school(caller.school))
    } catch {
      throw .unavailable("the state store")
    }
  }
}
