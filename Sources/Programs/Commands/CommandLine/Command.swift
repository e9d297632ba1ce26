/// A command of the program.
package protocol Command: Sendable {
  /// How the command is called.
  static var usage: Usage { get }

  /// How the command is called with these arguments; the same for all, unless the first of them decides on the others.
  static func usage(for arguments: [String]) -> Usage

  /// Creates the command from its arguments.
  ///
  /// - Throws: `CommandFailure.wrongCall` that names the invalid argument.
  init(_ arguments: CallArguments) throws(CommandFailure)

  /// Runs the command.
  ///
  /// - Throws: `CommandFailure` if it fails.
  func run() async throws(CommandFailure)
}

extension Command {
  package static func usage(for arguments: [String]) -> Usage { usage }
}
