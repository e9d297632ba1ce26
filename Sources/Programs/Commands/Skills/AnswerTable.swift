internal import JSON

/// An answer's data as tables: its single values by name, and its lists of objects by rows.
struct AnswerTable {
  /// A list of objects.
  private struct Rows {
    let name: String
    /// The names of the columns, in the order in which they are first met.
    var columns: [String] = []
    var rows: [[String: String]] = []

    /// The columns with a value that is no number.
    var texts: Set<Int> {
      Set(
        columns.indices.filter { index in rows.contains { !($0[columns[index]] ?? "").isEmpty && Double($0[columns[index]] ?? "") == nil } }
      )
    }

    var cells: [[String]] { rows.map { row in columns.map { row[$0] ?? "" } } }

    mutating func add(_ facts: [(name: String, value: String)]) {
      for fact in facts where !columns.contains(fact.name) { columns.append(fact.name) }
      rows.append(Dictionary(facts.map { ($0.name, $0.value) }) { first, _ in first })
    }
  }

  /// Single values by their path, with points between its names.
  private var facts: [(name: String, value: String)] = []
  private var lists: [Rows] = []

  /// Takes an object apart.
  init(_ data: JSONValue) { add(data, at: "") }

  private mutating func add(_ object: JSONValue, at path: String) {
    for (name, value) in object.members {
      let place = path.isEmpty ? name.string : "\(path).\(name.string)"
      if value.kind == .object {
        add(value, at: place)
      } else if value.kind == .array, value.elements.contains(where: { $0.kind == .object }) {
        var rows = Rows(name: place)
        for element in value.elements { rows.add(Self.facts(of: element)) }
        lists.append(rows)
      } else {
        facts.append((place, Self.cell(value)))
      }
    }
  }

  /// The values of a row; what is a list or an object in an object in it stays one value.
  private static func facts(of element: JSONValue) -> [(name: String, value: String)] {
    guard element.kind == .object else { return [("value", cell(element))] }
    return element.members.flatMap { name, value -> [(name: String, value: String)] in
      guard value.kind == .object else { return [(name.string, cell(value))] }
      return value.members.map { ("\(name.string).\($0.key.string)", cell($0.value)) }
    }
  }

  private static func cell(_ value: JSONValue) -> String {
    if let text = value.string { return text }
    if value.isNull { return "" }
    if value.kind == .array, value.elements.allSatisfy({ $0.string != nil }) {
      return value.elements.compactMap(\.string).joined(separator: ", ")
    }
    return value.compactText
  }

  /// Tables for a terminal.
  var text: String {
    let width = (facts.map(\.name.count).max() ?? 0) + 2
    var lines = facts.map { fact in
      let name = Terminal.plain(fact.name)
      return fact.value.isEmpty ? name : name + String(repeating: " ", count: width - fact.name.count) + Terminal.plain(fact.value)
    }
    for list in lists {
      if !lines.isEmpty { lines.append("") }
      let cells = list.cells.map { $0.map(Terminal.plain) }
      lines += [Terminal.plain(list.name)] + TextTable(list.columns.map(Terminal.plain), cells, texts: list.texts).lines
    }
    return lines.joined(separator: "\n")
  }

  /// Comma-separated values with a header line (RFC 4180): the rows of the list if there is one, otherwise each value by its name.
  var csv: String {
    let single = lists.count == 1 ? lists.first : nil
    let named =
      facts.map { [$0.name, $0.value] }
      + lists.flatMap { list in
        list.rows.enumerated().flatMap { index, row in
          list.columns.compactMap { column in row[column].map { ["\(list.name)[\(index)].\(column)", $0] } }
        }
      }
    let lines = single.map { [$0.columns] + $0.cells } ?? [["name", "value"]] + named
    return lines.map { $0.map(Self.field).joined(separator: ",") }.joined(separator: "\r\n") + "\r"
  }

  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { #",""#.utf8.contains($0) || $0 == 0x0A || $0 == 0x0D }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
