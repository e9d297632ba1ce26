internal import JSON

/// The arguments of a tool: the intent's own fields, and the choice of members of its answer.
struct ToolCall: Sendable {
  /// The JSON text of the intent's fields.
  let fields: [UInt8]
  /// The chosen members of the answer, or what is wrong with the choice.
  let choice: Result<MemberChoice, Problem>

  /// Takes the choice out of the arguments.
  ///
  /// - Parameters:
  ///   - arguments: The JSON text of the arguments, an object.
  ///   - declaration: The intent that is asked.
  init(_ arguments: [UInt8], _ declaration: IntentDeclaration) {
    let objects = declaration.answers.map(\.data)
    let parsed = try? JSONDocument.parse(arguments) { (root) throws(Never) -> (fields: [UInt8], choice: Result<MemberChoice, Problem>) in
      let given = root.members.filter { $0.key.matches(MemberChoice.argument) }.map { $0.value }
      let fields = JSONWriter.object(capacity: arguments.count) { json in
        for (name, value) in root.members where !name.matches(MemberChoice.argument) { json.member(name, value) }
      }
      guard given.count < 2 else {
        return (fields, .failure(.invalid(MemberChoice.argument, value: nil, "must be given once")))
      }
      guard let value = given.first else { return (fields, .success(.all)) }
      let choice = Result { () throws(JSONInvalid) in try MemberChoice(value, of: objects) }
      return (fields, choice.mapError { .invalid($0) })
    }
    fields = parsed?.fields ?? arguments
    choice = parsed?.choice ?? .success(.all)
  }
}
