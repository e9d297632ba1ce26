import JSON
import Schemas
import Testing

@Suite("Shapes")
struct ShapeTests {
  private enum Colour: String, CaseIterable, Sendable { case red, green }

  private struct Leaf: Sendable {
    let name: String
    let colour: Colour
    var width: Double?
  }

  private struct Tree: Sendable {
    let number: Int
    let leaves: [Leaf]
    var oldest: Leaf?
    var note: String?
    var sizes: [(name: String, value: Int)] = []
  }

  private static let leaf = ObjectShape<Leaf>("Leaf", "a leaf") {
    Member("name", .text(TextForm(length: 1...9)), "its name") { $0.name }
    Member("colour", .word, "its colour") { $0.colour }
    Member.optional("width", .number(0...2), "its width in metres") { $0.width }
  }

  private static let tree = ObjectShape<Tree>("Tree", "a tree") {
    Member("number", .integer(0...9), "its number") { $0.number }
    Member("leaves", leaf.shape.list(0...2), "its leaves") { $0.leaves }
    Member.nullable("oldest", leaf.shape, "the oldest leaf") { $0.oldest }
    Member.optional("note", .text(), "a note") { $0.note }
    Member("sizes", Shape<Int>.count.map, "sizes by name") { $0.sizes }
    Member.all(ofOptional: leaf) { $0.oldest }
  }

  private static func text(_ tree: Tree) -> String {
    var json = JSONWriter()
    Self.tree.shape.write(tree, to: &json)
    return json.text
  }

  @Test("A value is written with its members in order; what is missing is null or left out, as it was declared")
  func written() {
    let green = Leaf(name: "a\"b", colour: .green, width: 0.5)
    #expect(
      Self.text(
        Tree(number: 3, leaves: [green, Leaf(name: "c", colour: .red)], oldest: green, note: "old", sizes: [("x y", 1), ("z", 2)]))
        == #"{"number":3,"leaves":[{"name":"a\"b","colour":"green","width":0.5},{"name":"c","colour":"red"}],"#
        + #""oldest":{"name":"a\"b","colour":"green","width":0.5},"note":"old","sizes":{"x y":1,"z":2},"name":"a\"b","colour":"green","width":0.5}"#
    )
    #expect(Self.text(Tree(number: 0, leaves: [])) == #"{"number":0,"leaves":[],"oldest":null,"sizes":{}}"#)
  }

  @Test("The schema lists the same members, with what is always there as required and what may be null as either")
  func described() {
    var json = JSONWriter()
    Schema.object(Self.leaf.schema).write(to: &json)
    #expect(
      json.text == #"{"type":"object","properties":{"name":{"type":"string","minLength":1,"maxLength":9,"description":"its name"},"#
        + #""colour":{"type":"string","enum":["red","green"],"description":"its colour"},"#
        + #""width":{"type":"number","minimum":0,"maximum":2,"description":"its width in metres"}},"#
        + #""required":["name","colour"],"description":"a leaf"}"#)
    let schema = Self.tree.schema
    #expect(schema.required == ["number", "leaves", "oldest", "sizes"])
    #expect(schema["oldest"]?.schema == .either([.object(Self.leaf.schema), .null]))
    #expect(schema["sizes"]?.schema == .map(.integer(0...Int64(1) << 53)))
    #expect(Schema.object(schema).namedObjects.compactMap(\.name) == ["Tree", "Leaf", "Leaf"])
  }

  @Test("A named object is referred to where there is a place for it, and stands where it is used if not")
  func referred() {
    let schema = Schema.list(.object(Self.leaf.schema), count: 0...2)
    var json = JSONWriter()
    schema.write(to: &json, SchemaStyle(references: "#/$defs/"), meaning: "leaves")
    #expect(json.text == ##"{"type":"array","items":{"$ref":"#/$defs/Leaf"},"minItems":0,"maxItems":2,"description":"leaves"}"##)
    json.removeAll()
    schema.write(to: &json, SchemaStyle(describes: false))
    #expect(!json.text.contains("description") && json.text.contains(#""required":["name","colour"]"#))
  }

  @Test("Whatever is written keeps to its own schema, which knows no other member")
  func keepsTo() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      func leaf() -> Leaf {
        Leaf(
          name: String("\"<ä\u{1}zß\\/".shuffled(using: &random).prefix(Int.random(in: 1...9, using: &random))),
          colour: Colour.allCases.randomElement(using: &random) ?? .red,
          width: Bool.random() ? Double.random(in: 0...2, using: &random) : nil)
      }
      let tree = Tree(
        number: Int.random(in: 0...9, using: &random), leaves: (0..<Int.random(in: 0...2)).map { _ in leaf() },
        oldest: Bool.random() ? leaf() : nil, note: Bool.random() ? "" : nil, sizes: [("a", 1)])
      let faults = try JSONDocument.parse(Array(Self.text(tree).utf8)) { (root) throws(Never) in
        Schema.object(Self.tree.schema).closed.faults(in: root)
      }
      #expect(faults.isEmpty)
    }
  }

  @Test("A number that only has to be large enough is said to be so")
  func openBounds() throws {
    for (schema, constraint) in [
      (Schema.integer(1...Int64.max), "a whole number of at least 1"), (.number(0...Double.infinity), "a number of at least 0"),
      (.integer(1...5), "a whole number from 1 to 5"), (.number(0.5...1), "a number from 0.5 to 1"), (.number(nil), "a number"),
    ] {
      let faults = try JSONDocument.parse(Array(#""x""#.utf8)) { (root) throws(Never) in schema.faults(in: root) }
      #expect(faults == [#"value must be \#(constraint), got "x""#])
    }
  }

  @Test(
    "What breaks a schema is named with what it must be and what was found",
    arguments: [
      (#"{"name":"a","colour":"red"}"#, []),
      (#"{"name":"a","colour":"red","width":null}"#, ["value.width must be a number from 0 to 2, got null"]),
      (#"{"name":"","colour":"red"}"#, [#"value.name must be text of 1 to 9 characters, got """#]),
      (#"{"name":"a","colour":"blue"}"#, [#"value.colour must be one of red, green, got "blue""#]),
      (#"{"name":"a"}"#, ["value must be an object with colour, got none"]),
      (#"{"name":"a","colour":"red","x":1}"#, ["value must be without other members, got x"]),
      (#"{"name":"a","name":"a","colour":"red"}"#, ["value.name must be given once, got it again"]),
      (#"[1]"#, ["value must be an object, got [1]"]),
      (
        #"{"name":1,"colour":true,"width":2.5}"#,
        [
          "value.name must be text, got 1", "value.colour must be one of red, green, got true",
          "value.width must be a number from 0 to 2, got 2.5",
        ]
      ),
    ])
  func faults(_ text: String, _ expected: [String]) throws {
    let faults = try JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in
      Schema.object(Self.leaf.schema).closed.faults(in: root)
    }
    #expect(faults == expected)
  }
}
