import Foundation

/// Which folders of a target use which, by the types and the members of extensions that they name.
struct FolderGraph {
  /// A use of one folder by another.
  struct Edge: Hashable, Comparable, CustomStringConvertible {
    let from: String
    let to: String
    /// A name that shows it.
    let name: String

    var description: String { "\(from) uses \(name) of \(to)" }

    static func < (left: Self, right: Self) -> Bool { left.description < right.description }
  }

  let folders: Set<String>
  let edges: Set<Edge>

  /// Creates the graph of a target.
  ///
  /// A member counts only if nothing else in all sources has its name, because the compiler alone knows which one is meant.
  ///
  /// - Parameters:
  ///   - files: The target's files.
  ///   - names: How often each name is declared in all sources.
  init(_ files: [SourceFile], names: [String: Int]) {
    var (typeOwner, memberOwner): ([String: String], [String: String]) = ([:], [:])
    for file in files {
      for type in file.types { typeOwner[type] = file.folder }
      for member in file.extensionMembers where names[member] == 1 { memberOwner[member] = file.folder }
    }
    var edges: Set<Edge> = []
    for file in files {
      for name in file.typeNames {
        if let owner = typeOwner[name], owner != file.folder { edges.insert(Edge(from: file.folder, to: owner, name: name)) }
      }
      for name in file.otherNames {
        if let owner = memberOwner[name], owner != file.folder { edges.insert(Edge(from: file.folder, to: owner, name: name)) }
      }
    }
    self.edges = edges
    folders = Set(files.map(\.folder))
  }

  /// The uses between folders that use each other, directly or through others.
  var circular: [Edge] {
    let next = Dictionary(grouping: edges, by: \.from).mapValues { Set($0.map(\.to)) }
    func reached(from start: String) -> Set<String> {
      var (seen, open): (Set<String>, [String]) = ([], [start])
      while let folder = open.popLast() {
        for neighbour in next[folder] ?? [] where seen.insert(neighbour).inserted { open.append(neighbour) }
      }
      return seen
    }
    let reach = Dictionary(uniqueKeysWithValues: folders.map { ($0, reached(from: $0)) })
    return edges.filter { reach[$0.to]?.contains($0.from) ?? false }.sorted()
  }
}
