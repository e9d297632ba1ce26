internal import JSON
internal import Schemas

/// The description of a skill for agents: the file `SKILL.md` of its folder, made of the intent's declaration and a real answer.
struct SkillFile {
  /// The greatest length of `description`, in characters (Agent Skills specification).
  static let descriptionLimit = 1_024

  let skill: Skill
  /// A request about the sample's students, and its answer.
  let example: SampleExchange

  /// The file: front matter, then what to call and what comes of it.
  var text: String {
    """
    ---
    name: \(skill.folder)
    description: \(Self.quoted(description))
    ---

    # \(skill.name)

    \(skill.summary) \(skill.declaration.audience.inWords)

    ```sh
    \(call)
    ```

    answers

    ```json
    \(answer)
    ```

    Ids and values are an example's. Scores are numbers from 0 to 1. A member without a value is left out.

    ## Options

    \(options)

    `mastery-engine skill \(skill.name) --help` lists all options.

    ## Where it asks

    \(source)

    ## Errors

    They go to standard error.

    | status | what to do |
    |---|---|
    | 64 | correct the option that the message names |
    | 1, `VALIDATION_ERROR` | correct the field that the message names |
    | 1, `AUTH_ERROR` or `FORBIDDEN` | do not repeat it: the token is not good, or not for this |
    | 1, `NOT_FOUND` | ask for the right id; nothing is known under this one |
    | 1, `RATE_LIMITED` | wait as long as the message says |
    | 69 | no engine answers, or it cannot work now: try again, or say so |

    """
  }

  /// When to use it, by its purpose and what its answer has.
  var description: String {
    let members = skill.declaration.answers.first?.data.properties.map(\.name) ?? []
    let occasion =
      switch skill.declaration.storedData {
      case .none: "Use it where scores or counts are at hand, in place of working them out."
      case .reads: "Use it whenever that is asked, in place of reading events or stored documents."
      case .adds, .replaces: "Use it only where that is wanted: it changes what is stored."
      }
    let start = "\(skill.summary) \(occasion) One call answers with "
    var named: [String] = []
    var room = Self.descriptionLimit - start.count - 1
    for name in members {
      room -= name.count + 2
      if room < 0 { break }
      named.append(name)
    }
    return start + named.joined(separator: ", ") + "."
  }

  /// A call with the example's request.
  var call: String { (["mastery-engine skill \(skill.name)"] + arguments.map(Self.shellWord)).joined(separator: " ") }

  /// The arguments of that call behind the skill's name.
  var arguments: [String] {
    let arguments = try? JSONDocument.parse(example.request) { (root) throws(Never) -> [String] in
      root.members.flatMap { name, value -> [String] in
        let field = skill.options.filter { name.matches($0.field.name) }
        guard let whole = field.first(where: { $0.member == nil }) else { return [] }
        // Members of an object are shorter as options of their own, if all of them have one.
        let members = value.kind == .object ? value.members.map { ($0.key.string, $0.value) } : []
        let own = members.compactMap { key, value in
          field.first { $0.member?.name == key }.map { ["--\($0.name)", value.string ?? value.compactText] }
        }
        return own.count == members.count && !own.isEmpty
          ? own.joined().map(\.self) : ["--\(whole.name)", value.string ?? value.compactText]
      }
    }
    return arguments ?? []
  }

  private static func shellWord(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) || "0123456789-_./:,@".utf8.contains($0)
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
  }

  /// The data of the example's answer.
  private var answer: String {
    let text = try? JSONDocument.parse(example.answer) { (root) throws(Never) in root["data"].map(CompactAnswer.text) }
    return (text ?? nil) ?? ""
  }

  private var options: String {
    let rows = skill.options.map { option in
      "| `--\(option.name)` | \(option.value.replacing("|", with: "\\|")) | \(option.isRequired ? "required; " : "")\(option.meaning) |"
    }
    return (["| option | value | meaning |", "|---|---|---|"] + rows).joined(separator: "\n")
  }

  private var source: String {
    let engine = "`--engine URL` names the engine (http://127.0.0.1:8005), `--school ID` the school; `MASTERY_TOKEN` holds the token."
    return switch skill.declaration.storedData {
    case .none: "The answer is worked out of the options alone, without an engine, unless they ask for more. \(engine)"
    case .reads: "\(engine) With `--events FILE`, one JSON event a line, it is answered out of these events, without an engine."
    case .adds, .replaces: engine
    }
  }

  /// A scalar of YAML in double quotes, which takes all that JSON does.
  private static func quoted(_ text: String) -> String {
    var json = JSONWriter()
    json.string(text)
    return json.text
  }
}
