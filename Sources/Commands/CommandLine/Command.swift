/// One command of the program.
package protocol Command: Sendable {
  /// How it is called.
  static var usage: Usage { get }

  /// Reads its arguments.
  ///
  /// - Throws: `CommandFailure.wrongCall` that names the argument that is wrong.
  init(_ arguments: CallArguments) throws(CommandFailure)

  /// Does its work.
  ///
  /// - Throws: `CommandFailure` when it could not.
  func run() async throws(CommandFailure)
}
