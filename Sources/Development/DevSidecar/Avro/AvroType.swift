/// One type of an Avro schema; the types in it are named by their numbers in the schema's list.
struct AvroType: Hashable, Sendable {
  /// A field of a record.
  struct Field: Hashable, Sendable {
    var name: String
    var type: Int
    /// The value of a missing field, if the schema has one.
    var fallback: AvroValue?
  }

  /// What values are, and how they are encoded.
  enum Kind: Hashable, Sendable {
    case null
    case boolean
    /// 32 bits.
    case int
    /// 64 bits.
    case long
    /// 32 bits.
    case float
    /// 64 bits.
    case double
    case bytes
    case string
    case fixed(size: Int)
    case enumeration([String])
    case array(of: Int)
    case map(of: Int)
    case record([Field])
    case union([Int])
  }

  var kind: Kind
  /// What a union calls it: `string`, `long.timestamp-millis`, `org.example.Inner`.
  var name: String

  /// The types without a name of their own, as schemas spell them.
  static let primitives: [String: Kind] = [
    "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float, "double": .double, "bytes": .bytes, "string": .string,
  ]

  /// The logical types that the recorded sidecar tells from the types under them; all others are only what is under them.
  static let logical: Set<String> = [
    "long.timestamp-millis", "long.timestamp-micros", "long.time-micros", "int.time-millis", "int.date", "bytes.decimal",
  ]
}
