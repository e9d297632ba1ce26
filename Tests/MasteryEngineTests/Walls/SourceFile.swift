import Foundation

/// A Swift file, parsed as far as the walls need it: what it declares, and what it names.
struct SourceFile: Sendable {
  /// Its folder within its target; "." for the target's own.
  let folder: String
  /// Types that other files can name.
  let types: Set<String>
  /// Members that it adds to types by extensions.
  let extensionMembers: Set<String>
  /// Every member and variable that it declares, once for each declaration.
  let declarations: [String]
  /// Names in it that begin with a capital letter and are not declared in it, without qualified ones.
  let typeNames: Set<String>
  /// All other names.
  let otherNames: Set<String>

  /// Parses a text.
  init(_ text: String, folder: String) {
    self.folder = folder
    let lines = Self.withoutTexts(text).split(separator: "\n", omittingEmptySubsequences: true)
    var (types, members): (Set<String>, Set<String>) = ([], [])
    var (declarations, ownTypes, names): ([String], Set<String>, Set<Substring>) = ([], [], [])
    var isInExtension = false
    for line in lines {
      let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      let isPrivate = words.contains("private") || words.contains("fileprivate")
      if !line.hasPrefix(" ") { isInExtension = words.prefix(2).contains("extension") }
      for (keyword, name) in zip(words, words.dropFirst()) {
        if Self.typeKeywords.contains(keyword) {
          ownTypes.insert(String(name))
          if !line.hasPrefix(" "), !isPrivate { types.insert(String(name)) }
        } else if Self.memberKeywords.contains(keyword) {
          declarations.append(String(name))
          let isMember = isInExtension && line.hasPrefix("  ") && !line.hasPrefix("   ") && keyword != "case"
          if isMember, !isPrivate { members.insert(String(name)) }
        }
      }
      names.formUnion(Self.unqualified(line))
    }
    self.types = types
    self.declarations = declarations
    extensionMembers = members
    typeNames = Set(names.filter { $0.first?.isUppercase ?? false }.map(String.init)).subtracting(ownTypes)
    otherNames = Set(lines.flatMap { $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" } }.map(String.init))
  }

  private static let typeKeywords: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias", "associatedtype"]
  private static let memberKeywords: Set<Substring> = ["func", "var", "let", "case"]

  /// The names of a line that do not follow a point.
  private static func unqualified(_ line: Substring) -> [Substring] {
    line.matches(of: /(?:^|[^\w.])([A-Z]\w*)/).map(\.output.1)
  }

  /// A text without comments and without the content of strings.
  private static func withoutTexts(_ text: String) -> String {
    text.replacing(/\/\/[^\n]*/, with: "").replacing(/#?"(?:\\.|[^"\\\n])*"#?/, with: "\"\"")
  }
}
