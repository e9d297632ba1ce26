extension LoadReport {
  /// The figures as a table: name, value, bound, and whether it is kept.
  public var table: [String] {
    var rows = figures.map { figure in
      [
        figure.name, figure.value.map { Figure.text($0) + (figure.unit.isEmpty ? "" : " \(figure.unit)") } ?? "none",
        figure.bound?.description ?? "", figure.isMet.map { $0 ? "met" : "MISSED" } ?? "",
      ]
    }
    for (name, histogram) in latencies where histogram.count > 0 {
      let values = Percentile.shown.map { "\($0.name) \(Figure.text(Double(histogram.value(at: $0)) / 1_000))" }
      rows.append([
        name, "\(values.joined(separator: ", ")), max \(Figure.text(Double(histogram.maximum) / 1_000)) ms of \(histogram.count)",
      ])
    }
    let width = rows.map { $0[0].count }.max() ?? 0
    return rows.map { row in
      let name = row[0] + String(repeating: " ", count: width - row[0].count)
      guard row.count == 4 else { return "\(name)  \(row[1])" }
      let cells = row.dropFirst().map { $0 + String(repeating: " ", count: max(0, 14 - $0.count)) }
      var line = "\(name)  \(cells.joined())"
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
