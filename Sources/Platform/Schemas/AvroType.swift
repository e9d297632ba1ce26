internal import JSON

/// A type of Avro (specification 1.11), as far as declared objects come to it.
indirect enum AvroType: Hashable, Sendable {
  case null, boolean, long, double, string
  /// A moment as microseconds since 1970.
  case moment
  case list(AvroType)
  case map(AvroType)
  case record(AvroRecord)
  /// A value of one of several types; the first is that of the default.
  case union([AvroType])

  /// Under which name a union tells its types apart.
  var name: String {
    switch self {
    case .null: "null"
    case .boolean: "boolean"
    case .long: "long"
    case .double: "double"
    case .string: "string"
    case .moment: "long"
    case .list: "array"
    case .map: "map"
    case .record(let record): record.name
    case .union: "union"
    }
  }

  /// The same, or null, which comes first so that it can be the default.
  var orNull: Self {
    switch self {
    case .null: self
    case .union(let types): .union([.null] + types.filter { $0 != .null })
    default: .union([.null, self])
    }
  }
}

/// A record of Avro.
struct AvroRecord: Hashable, Sendable {
  /// A field of it.
  struct Field: Hashable, Sendable {
    let name: String
    let type: AvroType
    let meaning: String
    /// The text that stands where a writer had no such field; nil for the empty value of its type.
    var constant: String?
  }

  let name: String
  let meaning: String
  let fields: [Field]
}
