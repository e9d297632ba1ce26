/// A table for a terminal: the first column left-aligned, the others right-aligned unless they are of texts.
struct TextTable {
  private let head: [String]
  private let rows: [[String]]
  /// The columns that are left-aligned.
  private let texts: Set<Int>

  init(_ head: [String], _ rows: [[String]], texts: Set<Int> = []) {
    self.head = head
    self.rows = rows
    self.texts = texts.union([0])
  }

  /// The header, a rule, the rows.
  var lines: [String] {
    let cells = [head] + rows
    let widths = head.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { cells in
      cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return texts.contains(column) ? cells[column] + space : space + cells[column]
      }
      .joined(separator: "  ")
    }
    lines.insert(String(repeating: "-", count: lines[0].count), at: 1)
    return lines
  }
}
