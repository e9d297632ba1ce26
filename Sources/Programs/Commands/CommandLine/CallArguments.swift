internal import CLibc
internal import Glibc
internal import Synchronization

/// The parsed arguments of a command: its options by name, and its operands.
package struct CallArguments: Sendable {
  /// Guards getopt, which keeps one position in the arguments for the whole process.
  private static let getopt = Mutex(())

  /// Values by option, empty for an option without one; of repeated options the last one counts.
  package private(set) var options: [String: String] = [:]
  private(set) var operands: [String] = []

  /// Parses arguments according to a command's usage.
  ///
  /// - Parameters:
  ///   - arguments: The arguments after the command's name.
  ///   - usage: The command's options and operands.
  /// - Throws: `CommandFailure.wrongCall` that names the first invalid argument.
  init(_ arguments: [String], _ usage: Usage) throws(CommandFailure) {
    try read(arguments, usage)
    guard !isAsked("help"), !isAsked("version") else { return }
    if operands.count > usage.operands.count {
      throw .wrongCall("\(usage.command): there is one argument too many, \"\(operands[usage.operands.count])\"")
    }
    let required = usage.operands.filter { !$0.hasPrefix("[") }
    if operands.count < required.count {
      throw .wrongCall("\(usage.command): \(required[operands.count]) is missing")
    }
  }

  /// Whether an option is given.
  package func isAsked(_ name: String) -> Bool { options[name] != nil }

  private mutating func read(_ arguments: [String], _ usage: Usage) throws(CommandFailure) {
    (options, operands) = try Self.getopt.withLock { _ throws(CommandFailure) in try Self.read(arguments, usage) }
  }

  private static func read(
    _ arguments: [String], _ usage: Usage
  ) throws(CommandFailure) -> (options: [String: String], operands: [String]) {
    var options: [String: String] = [:]
    let table = OptionTable(usage.allOptions)
    // getopt expects the program's name first and moves operands to the end.
    var words: [UnsafeMutablePointer<CChar>?] = ([usage.command] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    let count = Int32(words.count)
    words.append(nil)
    shim_getopt_begin()
    var before: Int32 = 1
    while true {
      let found = getopt_long(count, &words, ":", table.entries, nil)
      if found == -1 { break }
      let index = Int(found) - OptionTable.first
      guard usage.allOptions.indices.contains(index) else {
        let word = words[Int(max(before, shim_getopt_index() - 1))].map { String(cString: $0) } ?? ""
        throw .wrongCall("\(usage.command): \(complaint(found, word, usage))")
      }
      options[usage.allOptions[index].name] = shim_getopt_value().map { String(cString: $0) } ?? ""
      before = shim_getopt_index()
    }
    let operands = words[Int(shim_getopt_index())..<Int(count)].compactMap { $0.map { String(cString: $0) } }
    return (options, operands)
  }

  private static func complaint(_ found: Int32, _ word: String, _ usage: Usage) -> String {
    let name = word.prefix { $0 != "=" }
    if found == Int32(UInt8(ascii: ":")) { return "\(name) needs a value" }
    let isKnown = usage.allOptions.indices.contains(Int(shim_getopt_offender()) - OptionTable.first)
    return isKnown ? "\(name) takes no value" : "there is no option \(name)"
  }
}

/// The options in getopt's format; the names live as long as the table.
private final class OptionTable {
  /// The number of the first option, above all character codes.
  static let first = 256
  let entries: [option]

  init(_ options: [Usage.Option]) {
    entries =
      options.enumerated().flatMap { index, description in
        ([description.name] + description.otherNames).map { name in
          option(
            name: strdup(name), has_arg: description.value == nil ? no_argument : required_argument, flag: nil,
            val: Int32(Self.first + index))
        }
      } + [option()]
  }

  deinit {
    for entry in entries { free(UnsafeMutableRawPointer(mutating: entry.name)) }
  }
}
