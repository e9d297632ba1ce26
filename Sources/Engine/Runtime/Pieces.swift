extension Array {
  /// The list in pieces of at most `size` elements, in order; each piece is one request.
  func pieces(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}

extension Array where Element: Sendable {
  /// What comes of each element, in order; all of them are worked on at the same time.
  func mappedSideBySide<Result: Sendable>(_ transform: @escaping @Sendable (Element) async -> Result) async -> [Result] {
    await withTaskGroup(of: (index: Int, result: Result).self) { group in
      for (index, element) in enumerated() { group.addTask { (index, await transform(element)) } }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.index < $1.index }.map(\.result)
    }
  }
}
