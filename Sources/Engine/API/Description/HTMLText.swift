/// HTML that is being written.
struct HTMLText {
  /// The HTML so far.
  private(set) var html = ""

  mutating func raw(_ text: String) { html += text }

  mutating func escaped(_ text: String) {
    for character in text.unicodeScalars {
      switch character {
      case "<": html += "&lt;"
      case ">": html += "&gt;"
      case "&": html += "&amp;"
      case "\"": html += "&quot;"
      default: html.unicodeScalars.append(character)
      }
    }
  }

  mutating func element(_ name: String, _ text: String) {
    raw("<\(name)>")
    escaped(text)
    raw("</\(name)>")
  }

  mutating func link(to id: String, _ text: String) {
    raw("<a href=\"#")
    escaped(id)
    raw("\">")
    escaped(text)
    raw("</a>")
  }

  mutating func heading(_ id: String, method: String, _ text: String) {
    raw("<h3 id=\"")
    escaped(id)
    raw("\"><span class=\"m\">")
    escaped(method)
    raw("</span> <code>")
    escaped(text)
    raw("</code></h3>")
  }

  mutating func table(_ head: [String], _ rows: [[String]]) {
    guard !rows.isEmpty else { return }
    raw("<table><tr>")
    for cell in head { element("th", cell) }
    raw("</tr>")
    for row in rows {
      raw("<tr>")
      for (place, cell) in row.enumerated() {
        raw("<td>")
        if place == 0 { element("code", cell) } else { escaped(cell) }
        raw("</td>")
      }
      raw("</tr>")
    }
    raw("</table>")
  }

  mutating func details(_ summary: String, _ text: String) {
    raw("<details>")
    element("summary", summary)
    element("pre", text)
    raw("</details>")
  }

  mutating func details(_ summary: String, rows: [[String]]) {
    raw("<details>")
    element("summary", summary)
    table(["field", "value", "meaning"], rows)
    raw("</details>")
  }
}
