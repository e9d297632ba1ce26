import JSON
import Testing

@testable import Commands

@Suite("Answers as tables")
struct AnswerTableTests {
  private static func text(_ json: String, _ format: SkillFormat) throws -> String {
    try JSONDocument.parse(Array(json.utf8)) { (root) throws(Never) in format.text(of: root) }
  }

  @Test("Single values stand by their names, a list of objects as a table with numbers to the right")
  func table() throws {
    let json = """
      {"id":"ada","none":null,"in":{"a":1,"b":{"c":true}},"words":["x","y"],
      "rows":[{"name":"long one","n":5},{"name":"b","n":10.5,"more":{"k":"v"}}]}
      """
    #expect(
      try Self.text(json, .table) == """
        id      ada
        none
        in.a    1
        in.b.c  true
        words   x, y

        rows
        name         n  more.k
        ----------------------
        long one     5        
        b         10.5  v     
        """)
  }

  @Test("No order to a terminal comes through in a table")
  func orders() throws {
    let json = #"{"k\u001b[31m":"hi\u001b[2J\n","rows":[{"a\r":"x\u0007","b":1},{"b":2}]}"#
    let text = try Self.text(json, .table)
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" } && text.contains("hi\u{FFFD}[2J\u{FFFD}"))
  }

  @Test("As comma-separated values an answer with one list is its rows, with a line of names; quotes, commas and line ends are quoted")
  func rows() throws {
    let json = #"{"id":"ada","rows":[{"a":"x,y","b":null},{"b":"say \"no\"","c":"1\n2"}]}"#
    #expect(try Self.text(json, .csv) == "a,b,c\r\n\"x,y\",,\r\n,\"say \"\"no\"\"\",\"1\n2\"\r")
  }

  @Test("Without a list, or with several, it is each value by its name")
  func names() throws {
    #expect(try Self.text(#"{"a":1,"b":{"c":"x"}}"#, .csv) == "name,value\r\na,1\r\nb.c,x\r")
    let two = #"{"a":[{"x":1},{"x":2}],"b":[{"y":"z"}],"c":[]}"#
    #expect(try Self.text(two, .csv) == "name,value\r\nc,\r\na[0].x,1\r\na[1].x,2\r\nb[0].y,z\r")
  }
}
