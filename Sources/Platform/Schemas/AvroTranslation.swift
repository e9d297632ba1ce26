/// Makes types of Avro of declared forms, and sees to it that a name stands for one record only.
struct AvroTranslation {
  private var records: [String: AvroRecord] = [:]

  /// The record of an object.
  ///
  /// - Parameters:
  ///   - object: The object's declaration.
  ///   - name: The record's name.
  ///   - path: Where it stands, for errors.
  /// - Returns: The record.
  /// - Throws: `AvroSchema.NoForm` if it has none.
  mutating func record(of object: ObjectSchema, named name: String, at path: String) throws(AvroSchema.NoForm) -> AvroRecord {
    guard Self.isName(name) else {
      throw AvroSchema.NoForm(path: path, reason: "a record's name must be letters, digits and _, got \"\(name)\"")
    }
    var fields: [AvroRecord.Field] = []
    for property in object.properties {
      let place = "\(path).\(property.name)"
      guard Self.isName(property.name), !fields.contains(where: { $0.name == property.name }) else {
        throw AvroSchema.NoForm(path: place, reason: "a field's name must be letters, digits and _, and stand there once")
      }
      let type = try type(of: property.schema, named: name + Self.capitalized(property.name), at: place)
      var field = AvroRecord.Field(name: property.name, type: property.isRequired ? type : type.orNull, meaning: property.meaning)
      if case .word(let words) = property.schema.withoutNull {
        field = AvroRecord.Field(name: field.name, type: field.type, meaning: Self.phrase(property.meaning, words))
        if words.count == 1, field.type == .string { field.constant = words[0] }
      }
      fields.append(field)
    }
    let record = AvroRecord(name: name, meaning: object.meaning, fields: fields)
    guard records[name].map({ $0 == record }) ?? true else {
      throw AvroSchema.NoForm(path: path, reason: "the name \(name) must stand for one record, got two")
    }
    records[name] = record
    return record
  }

  /// The type of a form; `name` is that of a record that has none of its own.
  private mutating func type(of schema: Schema, named name: String, at path: String) throws(AvroSchema.NoForm) -> AvroType {
    switch schema {
    case .boolean: .boolean
    case .integer: .long
    case .number: .double
    case .text, .word: .string
    case .list(let element, _): .list(try type(of: element, named: name, at: "\(path)[]"))
    case .map(let value): .map(try type(of: value, named: name, at: "\(path){}"))
    case .object(let object): .record(try record(of: object, named: object.name ?? name, at: path))
    case .either: try type(ofEither: schema.kinds, named: name, at: path)
    case .null: .null
    case .anything: throw AvroSchema.NoForm(path: path, reason: "a value of any form has no type in Avro")
    }
  }

  private mutating func type(ofEither kinds: [Schema], named name: String, at path: String) throws(AvroSchema.NoForm) -> AvroType {
    var types: [AvroType] = []
    let forms = Forms(kinds)
    for kind in kinds where kind != .null && !forms.isRepetition(kind) {
      let type = forms.isMoment && kind == Forms.moment ? .moment : try type(of: kind, named: name, at: path)
      if !types.contains(type) { types.append(type) }
    }
    guard Set(types.map(\.name)).count == types.count, let first = types.first else {
      throw AvroSchema.NoForm(path: path, reason: "the types of a union must have different names, got \(types.map(\.name))")
    }
    let isNullable = kinds.contains(.null)
    guard types.count > 1 else { return isNullable ? first.orNull : first }
    return .union(isNullable ? [.null] + types : types)
  }

  /// Which of several kinds only spell the values of another one differently.
  private struct Forms {
    static let moment = Schema.text(TextForm(format: "date-time"))

    /// Whether they are a moment as text or as a number of seconds, milliseconds or microseconds; Avro has a type for the last.
    let isMoment: Bool
    private let hasText: Bool

    init(_ kinds: [Schema]) {
      isMoment = kinds.contains(Self.moment) && kinds.contains { if case .number = $0 { true } else { false } }
      hasText = kinds.contains { if case .text = $0 { true } else { false } }
    }

    func isRepetition(_ kind: Schema) -> Bool {
      switch kind {
      case .number: isMoment
      case .integer: hasText
      default: false
      }
    }
  }

  private static func phrase(_ meaning: String, _ words: [String]) -> String {
    words.count == 1 ? meaning : "\(meaning.isEmpty ? "" : "\(meaning); ")one of \(words.joined(separator: ", "))"
  }

  private static func capitalized(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil }
}

extension Schema {
  /// The kinds that a value may have, those of kinds within kinds included.
  fileprivate var kinds: [Schema] {
    if case .either(let kinds) = self { kinds.flatMap(\.kinds) } else { [self] }
  }

  /// The same, not null.
  fileprivate var withoutNull: Schema {
    let kinds = kinds.filter { $0 != .null }
    return kinds.count == 1 ? kinds[0] : self
  }
}
