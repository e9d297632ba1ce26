/// The types of a schema, which name each other by their numbers.
struct AvroTypes: Hashable, Sendable {
  private let list: [AvroType]
  /// The number of the type of a whole message.
  let whole: Int
  /// How deep values may nest: reading and writing them goes as deep.
  static let deepest = 200
  static let tooDeep = AvroFailure("a value must not nest deeper than \(deepest)")
  /// The most bytes of a fixed; about what a message may have.
  static let largestFixed: Int64 = 1_000_000

  /// Types that can be values.
  ///
  /// - Throws: `AvroFailure` if a record would hold itself without end, or an array could have any number of elements in no bytes.
  init(_ list: [AvroType], whole: Int) throws(AvroFailure) {
    self.list = list
    self.whole = whole
    if let endless = Self.onCycle(list) {
      throw AvroFailure("the record \"\(list[endless].name)\" must not hold itself without end")
    }
    for case .array(let items) in list.map(\.kind) where Self.takesNoBytes(items, list) {
      throw AvroFailure("the elements of an array must take at least a byte each, as those of \"\(list[items].name)\" do not")
    }
  }

  subscript(number: Int) -> AvroType { list[number] }

  /// A type each of whose values has one of its own type in it; nil if there is none.
  private static func onCycle(_ list: [AvroType]) -> Int? {
    var isDone = Array(repeating: false, count: list.count)
    var isOpen = isDone
    func visit(_ number: Int) -> Int? {
      guard !isDone[number] else { return nil }
      guard !isOpen[number] else { return number }
      isOpen[number] = true
      for next in list[number].partsWithin {
        if let found = visit(next) { return found }
      }
      isDone[number] = true
      return nil
    }
    for number in list.indices {
      if let found = visit(number) { return found }
    }
    return nil
  }

  /// Asked only where no record holds itself without end.
  private static func takesNoBytes(_ number: Int, _ list: [AvroType]) -> Bool {
    switch list[number].kind {
    case .null: true
    case .record(let fields): fields.allSatisfy { takesNoBytes($0.type, list) }
    default: false
    }
  }
}

extension AvroType {
  /// The types of what each value of this type has in it.
  fileprivate var partsWithin: [Int] {
    if case .record(let fields) = kind { fields.map(\.type) } else { [] }
  }
}
