/// How a command is called: the source of `--help` and of argument parsing.
package struct Usage: Sendable {
  /// An option of a command.
  package struct Option: Sendable {
    let name: String
    /// The placeholder of its value in the help text; nil for an option without a value.
    let value: String?
    let meaning: String
    /// Other names, which the help text leaves out.
    var otherNames: [String] = []

    /// Creates an option with a value.
    package init(_ name: String, _ value: String, _ meaning: String) {
      self.name = name
      self.value = value
      self.meaning = meaning
    }

    /// Creates an option without a value.
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
  /// The placeholders of the operands in the help text, one word each; last come those that may be missing, in brackets.
  var operands: [String] = []
  let purpose: String
  let options: [Option]
  /// Lines at the end of the help text.
  var remarks: [String] = []
  /// The program that the command belongs to.
  var program = "mastery-engine"

  /// All options, the common ones last.
  var allOptions: [Option] { options + Self.common }

  /// The text of `--help`.
  var help: String {
    let forms = allOptions.map(\.form)
    let width = (forms.map(\.count).max() ?? 0) + 2
    let list = zip(allOptions, forms).map { "  \($1)\(String(repeating: " ", count: width - $1.count))\($0.meaning)" }
    let call = (program == command ? [] : [program]) + [command] + operands + (options.isEmpty ? [] : ["[options]"])
    return (["usage: \(call.joined(separator: " "))", "", purpose, ""] + list + remarks).joined(separator: "\n")
  }
}

extension Usage {
  /// Creates the usage of a program with a single command.
  package init(program: String, purpose: String, options: [Option]) {
    self.init(command: program, purpose: purpose, options: options, program: program)
  }
}
