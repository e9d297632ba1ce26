import JSON
import Testing

@testable import Schemas

@Suite("Avro schemas of declared objects")
struct AvroSchemaTests {
  private static let moment = Schema.text(TextForm(format: "date-time"))

  /// The fields of a record with one member.
  private static func field(_ schema: Schema, isRequired: Bool = true) throws -> String {
    let json = try AvroSchema(ObjectSchema("T", "", [ObjectSchema.Property("x", schema, "", isRequired: isRequired)]), namespace: "n").json
    let text = String(decoding: json, as: UTF8.self)
    let head = #"{"type":"record","name":"T","namespace":"n","fields":[{"name":"x","type":"#
    #expect(text.hasPrefix(head) && text.hasSuffix("}]}"), "\(text)")
    return String(text.dropFirst(head.count).dropLast(3))
  }

  /// A form, and its type and default by the specification (Avro 1.11, "Schema Declaration").
  private static let forms: [(schema: Schema, type: String)] = [
    (.boolean, #""boolean","default":false"#),
    (.integer(0...9), #""long","default":0"#),
    (.number(nil), #""double","default":0"#),
    (.text(TextForm()), #""string","default":"""#),
    (moment, #""string","default":"""#),
    (.word(["a", "b"]), #""string","doc":"one of a, b","default":"""#),
    (.word(["1.0"]), #""string","default":"1.0""#),
    (Schema.word(["a"]).orNull, #"["null","string"],"default":null"#),
    (.list(.integer(nil)), #"{"type":"array","items":"long"},"default":[]"#),
    (.map(.boolean), #"{"type":"map","values":"boolean"},"default":{}"#),
    (.null, #""null","default":null"#),
    (Schema.boolean.orNull, #"["null","boolean"],"default":null"#),
    (.either([.null, .either([.boolean, .integer(nil)])]), #"["null","boolean","long"],"default":null"#),
    (.either([.boolean, .map(.null)]), #"["boolean",{"type":"map","values":"null"}],"default":false"#),
    (.either([.boolean, .boolean]), #""boolean","default":false"#),
    (.either([.text(TextForm()), .integer(nil)]), #""string","default":"""#),
    (.either([moment, .number(nil)]), #"{"type":"long","logicalType":"timestamp-micros"},"default":0"#),
    (
      Schema.either([moment, .number(nil)]).orNull,
      #"["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null"#
    ),
    (
      .object(ObjectSchema([ObjectSchema.Property("y", .integer(nil), "why"), ObjectSchema.Property("z", Schema.boolean.orNull, "")])),
      #"{"type":"record","name":"TX","fields":[{"name":"y","type":"long","doc":"why","default":0},"#
        + #"{"name":"z","type":["null","boolean"],"default":null}]},"default":{"y":0,"z":null}"#
    ),
  ]

  @Test("Each form has the type and the default that the specification gives it", arguments: forms.indices)
  func form(_ index: Int) throws {
    let (schema, type) = Self.forms[index]
    #expect(try Self.field(schema) == type)
  }

  @Test("A member that may be missing is null or its value, and null by default")
  func optional() throws {
    #expect(try Self.field(.text(TextForm()), isRequired: false) == #"["null","string"],"default":null"#)
    #expect(try Self.field(.either([.boolean, .integer(nil)]), isRequired: false) == #"["null","boolean","long"],"default":null"#)
    #expect(try Self.field(.word(["a"]), isRequired: false) == #"["null","string"],"default":null"#)
  }

  @Test("A record is defined where it stands first and named from then on, and says what it and its members mean")
  func named() throws {
    let leaf = Schema.object(ObjectSchema("Leaf", "a leaf", [ObjectSchema.Property("green", .boolean, "whether it is green")]))
    let tree = ObjectSchema(
      "Tree", "a tree", [ObjectSchema.Property("one", leaf, "the oldest"), ObjectSchema.Property("all", .list(leaf), "all of them")])
    let schema = try AvroSchema(tree, namespace: "wood.north")
    #expect(schema.name == "Tree")
    #expect(
      String(decoding: schema.json, as: UTF8.self)
        == #"{"type":"record","name":"Tree","namespace":"wood.north","doc":"a tree","fields":["#
        + #"{"name":"one","type":{"type":"record","name":"Leaf","doc":"a leaf","fields":["#
        + #"{"name":"green","type":"boolean","doc":"whether it is green","default":false}]},"doc":"the oldest","default":{"green":false}},"#
        + #"{"name":"all","type":{"type":"array","items":"Leaf"},"doc":"all of them","default":[]}]}"#)
  }

  /// What Avro cannot say, and where.
  private static let inexpressible: [(object: ObjectSchema, path: String)] = [
    (ObjectSchema("T", "", [ObjectSchema.Property("x", .anything, "")]), "T.x"),
    (ObjectSchema("T", "", [ObjectSchema.Property("x", .list(.anything), "")]), "T.x[]"),
    (ObjectSchema("T", "", [ObjectSchema.Property("x", .map(.anything), "")]), "T.x{}"),
    (ObjectSchema("T", "", [ObjectSchema.Property("x-y", .boolean, "")]), "T.x-y"),
    (ObjectSchema("T", "", [ObjectSchema.Property("x", .boolean, ""), ObjectSchema.Property("x", .boolean, "")]), "T.x"),
    (ObjectSchema("T", "", [ObjectSchema.Property("x", .either([.list(.boolean), .list(.null)]), "")]), "T.x"),
    (ObjectSchema("T", "", [ObjectSchema.Property("x", .either([]), "")]), "T.x"),
    (ObjectSchema("1T", "", []), "1T"), (ObjectSchema([]), ""),
    (
      ObjectSchema(
        "T", "",
        [
          ObjectSchema.Property("x", .object(ObjectSchema("L", "", [])), ""),
          ObjectSchema.Property("y", .object(ObjectSchema("L", "", [ObjectSchema.Property("z", .null, "")])), ""),
        ]),
      "T.y"
    ),
  ]

  @Test("What has no form in Avro is refused with its place", arguments: inexpressible.indices)
  func refused(_ index: Int) throws {
    let (object, path) = Self.inexpressible[index]
    let failure = try #require(throws: AvroSchema.NoForm.self) { try AvroSchema(object, namespace: "n") }
    #expect(failure.path == path && !failure.reason.isEmpty)
  }
}
