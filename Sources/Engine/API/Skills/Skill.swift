internal import MasteryCore
internal import Schemas

/// An intent as a skill: what a program or an agent calls by a short name, with options in place of fields.
///
/// All of it comes from the intent's declaration.
package struct Skill: Sendable {
  /// The options of the command itself, which go before a field of the same name; such a field is given as JSON.
  package static let commonOptions: Set<String> = [
    "json", "format", "engine", "school", "events", "now", "write", "help", "version",
  ]

  /// The intent that answers.
  let type: any Intent.Type
  /// One option for each field, and one for each member of a field that is an object, unless its name is taken.
  package let options: [SkillOption]

  init(_ type: any Intent.Type) {
    self.type = type
    options = SkillOption.all(of: type.declaration.fields)
  }

  /// The skills of a table of intents, in its order.
  static func all(of intents: IntentTable) -> [Self] { intents.all.map { Self($0) } }

  /// The skills of the service.
  package static let all = all(of: .standard)

  var declaration: IntentDeclaration { type.declaration }

  /// The name on the command line: letters, digits and `-`.
  package var name: String { declaration.shortName }

  /// The name among the skills of other programs, and of the folder of its description.
  package var folder: String { "mastery-\(name)" }

  /// What it is for, in a sentence.
  package var summary: String { declaration.summary }

  /// Whether requests may be answered out of given events: those that change what is stored would change nothing that stays.
  package var worksOnGivenEvents: Bool { !declaration.storedData.changes }
}
