internal import Glibc
internal import HTTPClient
internal import MasteryCore
internal import MasteryService

/// `skill`: asks one thing of the engine, or writes the descriptions by which agents find out what they may ask.
struct SkillCommand: Command {
  private static let purpose =
    "Asks one thing of an engine and prints the answer's data; its options are the fields of the request. MASTERY_TOKEN may hold the token "
    + "to ask with."

  static let usage = Usage(
    command: "skill", operands: ["NAME"], purpose: purpose,
    options: [.init("write", "FOLDER", "writes the description of each skill for agents, FOLDER/mastery-NAME/SKILL.md")],
    remarks: ["", "skills:"] + list + ["", "mastery-engine skill NAME --help lists the options of a skill."])

  private static var list: [String] {
    let width = (Skill.all.map(\.name.count).max() ?? 0) + 2
    return Skill.all.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))\($0.summary)" }
  }

  /// The options that all skills have.
  private static let common: [Usage.Option] = [
    .init("json", "JSON", "further fields of the request, as a JSON object"),
    .init("format", "NAME", "how to print it: compact, without what is null; json, as it is; table; csv (compact)"),
    .init("engine", "URL", "the engine to ask (\(EngineClient.usualAddress)); MASTERY_TOKEN may hold the token"),
    .init("school", "ID", "the school to ask about (the data without a school)"),
  ]

  private static let onEvents: [Usage.Option] = [
    .init("events", "FILE", "answers without an engine, out of these events and in their school: one JSON object a line; - is stdin"),
    .init("now", "TIME", "without an engine: the time to answer at, YYYY-MM-DD or an ISO 8601 time; later events are left out (now)"),
  ]

  static func usage(for arguments: [String]) -> Usage {
    let first = arguments.first ?? ""
    var usage = usage
    if first.hasPrefix("--write") {
      usage.operands = []
      return usage
    }
    // The name may stand behind options.
    let names = first.hasPrefix("-") ? arguments.dropFirst() : arguments.prefix(1)
    guard let skill = names.lazy.compactMap(skill(named:)).first else { return usage }
    let own = skill.options.map { option in
      var own = Usage.Option(option.name, option.value, (option.isRequired ? "required; " : "") + option.meaning)
      own.otherNames = option.otherNames
      return own
    }
    return Usage(
      command: usage.command, operands: [skill.name], purpose: skill.summary,
      options: own + common + (skill.worksOnGivenEvents ? onEvents : []))
  }

  private static func skill(named name: String) -> Skill? { Skill.all.first { name == $0.name || name == $0.folder } }

  private enum Work {
    case writing(folder: String)
    case asking(SkillCall, SkillFormat)
  }

  private let work: Work

  init(_ arguments: CallArguments) throws(CommandFailure) {
    if let folder = arguments.options["write"] {
      guard !folder.isEmpty else { throw .wrongCall("--write must be a folder, got \"\"") }
      work = .writing(folder: folder)
      return
    }
    let name = arguments.operands.first ?? ""
    guard let skill = Self.skill(named: name) else {
      throw .wrongCall("there is no skill \"\(name)\"; mastery-engine skill --help lists them")
    }
    let format = arguments.options["format"] ?? SkillFormat.compact.rawValue
    guard let format = SkillFormat(rawValue: format) else {
      throw .wrongCall("--format must be one of \(SkillFormat.allCases.map(\.rawValue).joined(separator: ", ")), got \"\(format)\"")
    }
    work = .asking(try SkillCall(skill, arguments), format)
  }

  func run() async throws(CommandFailure) {
    switch work {
    case .writing(let folder): try await Self.write(to: folder)
    case .asking(let call, let format): Terminal.say(try await call.answer(as: format))
    }
  }

  // MARK: Descriptions

  private static func write(to folder: String) async throws(CommandFailure) {
    let folders = await SkillFolders.all
    try make(folder, followingLinks: true)
    for skill in folders {
      try make("\(folder)/\(skill.name)")
      try write(skill.text, to: "\(folder)/\(skill.name)/SKILL.md")
    }
    Terminal.say("\(folders.count) skills are in \(folder)")
  }

  private static func make(_ folder: String, followingLinks: Bool = false) throws(CommandFailure) {
    if mkdir(folder, 0o777) == 0 { return }
    guard errno == EEXIST else { throw failure(folder) }
    var found = stat()
    guard (followingLinks ? stat(folder, &found) : lstat(folder, &found)) == 0 else { throw failure(folder) }
    guard found.st_mode & S_IFMT == S_IFDIR else { throw .incomplete("\(folder) must be a folder, and is none") }
  }

  /// Writes a file beside the place where it belongs, and then puts it there: a link that stands there is replaced, not followed.
  private static func write(_ text: String, to path: String) throws(CommandFailure) {
    let draft = "\(path).\(getpid())"
    guard let file = fopen(draft, "wx") else { throw failure(draft) }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten, rename(draft, path) == 0 else {
      let failure = failure(path)
      unlink(draft)
      throw failure
    }
  }

  private static func failure(_ path: String) -> CommandFailure { .incomplete("\(path): \(String(cString: strerror(errno)))") }
}
