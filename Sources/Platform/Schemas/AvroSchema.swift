internal import JSON

/// The Avro schema of a declared object, a record (specification 1.11).
///
/// A reader and a writer may have different versions of it: each member has a default. One that may be missing is null or its value, and by
/// default null; any other one is by default the empty value of its type, or the only word that it may be.
///
/// A word is a string, and its documentation lists the words: an enumeration would make a later word unreadable to those who do not know it.
/// Where a declaration takes several forms of the same value, the schema has the one that Avro has a type for: a moment given as text or as a
/// number is a `timestamp-micros`, an id given as text or as a number is a string.
public struct AvroSchema: Hashable, Sendable {
  /// What has no form in Avro.
  public struct NoForm: Error, Hashable, Sendable {
    /// The path of the member.
    public let path: String
    /// Why there is none, in words.
    public let reason: String
  }

  private let record: AvroRecord
  private let namespace: String

  /// Makes the schema of an object.
  ///
  /// - Parameters:
  ///   - object: The object's declaration, which must have a name.
  ///   - namespace: The namespace of all its records.
  /// - Throws: `NoForm` for a member that is declared in a way that Avro cannot say, or a name that Avro does not take.
  public init(_ object: ObjectSchema, namespace: String) throws(NoForm) {
    var translation = AvroTranslation()
    record = try translation.record(of: object, named: object.name ?? "", at: object.name ?? "")
    self.namespace = namespace
  }

  /// The record's name, without its namespace.
  public var name: String { record.name }

  /// The schema as JSON text.
  public var json: [UInt8] {
    var json = JSONWriter(capacity: 1 << 14)
    var defined: Set<String> = []
    record.write(to: &json, namespace: namespace, defined: &defined)
    return json.bytes
  }
}

extension AvroType {
  /// Writes the type; a record is written where it stands first, and named from then on.
  fileprivate func write(to json: inout JSONWriter, defined: inout Set<String>) {
    switch self {
    case .null, .boolean, .long, .double, .string: json.string(name)
    case .moment:
      json.object { json in
        json.member("type", "long" as StaticString)
        json.member("logicalType", "timestamp-micros" as StaticString)
      }
    case .list(let element):
      json.object { json in
        json.member("type", "array" as StaticString)
        json.member("items") { element.write(to: &$0, defined: &defined) }
      }
    case .map(let value):
      json.object { json in
        json.member("type", "map" as StaticString)
        json.member("values") { value.write(to: &$0, defined: &defined) }
      }
    case .record(let record):
      if defined.contains(record.name) { json.string(record.name) } else { record.write(to: &json, namespace: nil, defined: &defined) }
    case .union(let types): json.array { json in for type in types { type.write(to: &json, defined: &defined) } }
    }
  }

  /// Writes the empty value.
  fileprivate func writeDefault(to json: inout JSONWriter) {
    switch self {
    case .null: json.null()
    case .boolean: json.boolean(false)
    case .long, .moment, .double: json.integer(0)
    case .string: json.string("")
    case .list: json.array { _ in }
    case .map: json.object { _ in }
    case .record(let record):
      json.object { json in for field in record.fields { json.member(named: field.name) { field.writeDefault(to: &$0) } } }
    case .union(let types): types.first?.writeDefault(to: &json)
    }
  }
}

extension AvroRecord {
  fileprivate func write(to json: inout JSONWriter, namespace: String?, defined: inout Set<String>) {
    defined.insert(name)
    json.object { json in
      json.member("type", "record" as StaticString)
      json.member("name", name)
      if let namespace { json.member("namespace", namespace) }
      if !meaning.isEmpty { json.member("doc", meaning) }
      json.array("fields", of: fields) { json, field in
        json.object { json in
          json.member("name", field.name)
          json.member("type") { field.type.write(to: &$0, defined: &defined) }
          if !field.meaning.isEmpty { json.member("doc", field.meaning) }
          json.member("default") { field.writeDefault(to: &$0) }
        }
      }
    }
  }
}

extension AvroRecord.Field {
  fileprivate func writeDefault(to json: inout JSONWriter) {
    if let constant { json.string(constant) } else { type.writeDefault(to: &json) }
  }
}
