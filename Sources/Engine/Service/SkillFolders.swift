/// The descriptions of all skills for agents, one folder each.
package enum SkillFolders {
  /// A folder with one file, `SKILL.md`.
  package struct Folder: Sendable {
    /// The folder's name, which is the skill's.
    package let name: String
    /// The text of `SKILL.md`.
    package let text: String
  }

  /// The folders of the service's skills.
  package static var all: [Folder] { get async { await all(of: .standard) } }

  /// The folders for the intents of a table, with examples that the service itself answers.
  static func all(of intents: IntentTable) async -> [Folder] {
    let sample = await SampleSchool.course(intents)
    return Skill.all(of: intents).compactMap { skill in
      sample.exchanges[skill.declaration.name].map { Folder(name: skill.folder, text: SkillFile(skill: skill, example: $0).text) }
    }
  }
}
