/// How a command is called: what `--help` says and what its arguments are read by.
package struct Usage: Sendable {
  /// An option of a command.
  package struct Option: Sendable {
    let name: String
    /// What stands for its value in the help text; nil for an option without a value.
    let value: String?
    let meaning: String

    /// An option with a value.
    package init(_ name: String, _ value: String, _ meaning: String) {
      self.name = name
      self.value = value
      self.meaning = meaning
    }

    /// An option without a value.
    package init(_ name: String, _ meaning: String) {
      self.name = name
      value = nil
      self.meaning = meaning
    }

    fileprivate var form: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
  }

  /// The options that every command has.
  private static let common = [
    Option("help", "shows this text"),
    Option("version", "shows the version"),
  ]

  let command: String
  /// What stands for the operands in the help text, one word each.
  var operands: [String] = []
  let purpose: String
  let options: [Option]
  /// The program that it belongs to.
  var program = "mastery-engine"

  /// All options, those of every command at the end.
  var allOptions: [Option] { options + Self.common }

  /// The text of `--help`.
  var help: String {
    let forms = allOptions.map(\.form)
    let width = (forms.map(\.count).max() ?? 0) + 2
    let list = zip(allOptions, forms).map { "  \($1)\(String(repeating: " ", count: width - $1.count))\($0.meaning)" }
    let call = (program == command ? [] : [program]) + [command] + operands + (options.isEmpty ? [] : ["[options]"])
    return (["usage: \(call.joined(separator: " "))", "", purpose, ""] + list).joined(separator: "\n")
  }
}

extension Usage {
  /// How a program of one command is called.
  package init(program: String, purpose: String, options: [Option]) {
    self.init(command: program, purpose: purpose, options: options, program: program)
  }
}
