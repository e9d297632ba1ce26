import Foundation

/// A Markdown document of the project, parsed as far as tests need it: its sections, fenced blocks and tables.
struct Document {
  /// A fenced block.
  struct Block: Hashable {
    let language: String
    /// The title of its second-level section.
    let section: String
    let text: String
  }

  /// The folder of the project.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  /// The folder of the articles.
  static let articles = "Sources/Engine/MasteryEngine.docc"

  /// The path within the project.
  let path: String
  let lines: [String]
  let blocks: [Block]
  /// The titles of all levels.
  let titles: [String]

  /// Reads a document.
  ///
  /// - Parameter path: Its path within the project.
  /// - Throws: If there is none.
  init(_ path: String) throws {
    self.path = path
    lines = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8).components(separatedBy: "\n")
    var (blocks, titles, section): ([Block], [String], String) = ([], [], "")
    var open: (language: String, lines: [String])?
    for line in lines {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(Block(language: block.language, section: section, text: block.lines.joined(separator: "\n")))
          open = nil
        } else {
          open = (String(line.dropFirst(3)), [])
        }
      } else if open != nil {
        open?.lines.append(line)
      } else if let title = line.wholeMatch(of: /#+ (.+)/) {
        titles.append(String(title.1))
        if line.hasPrefix("## ") { section = String(title.1) }
      }
    }
    (self.blocks, self.titles) = (blocks, titles)
  }

  /// The README, and all articles.
  static func all() throws -> [Document] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: articles).path).filter { $0.hasSuffix(".md") }
    return try (["README.md", ".github/CONTRIBUTING.md"] + names.sorted().map { "\(articles)/\($0)" }).map { try Document($0) }
  }

  /// The cells of a table's rows; nil if no table has that head.
  func table(_ head: String) -> [[String]]? {
    guard let start = lines.firstIndex(of: head) else { return nil }
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { row in
      row.dropFirst().dropLast().components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// The code words in a cell.
  static func code(_ cell: String) -> [String] { cell.matches(of: /`([^`]+)`/).map { String($0.1) } }
}
