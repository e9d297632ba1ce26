public import JSON

/// The JSON form of a kind of value, declared once: the same declaration writes the value and describes what is written.
public struct Shape<Value>: Sendable {
  /// What is written.
  public let schema: Schema
  @usableFromInline let writing: @Sendable (Value, inout JSONWriter) -> Void

  /// Creates a shape; what the closure writes must be what the schema says.
  @inlinable
  public init(_ schema: Schema, _ writing: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
    (self.schema, self.writing) = (schema, writing)
  }

  /// Writes a value.
  @inlinable
  public func write(_ value: Value, to json: inout JSONWriter) { writing(value, &json) }

  /// The same form for values that come to one of this kind.
  @inlinable
  public func from<Other>(_ value: @escaping @Sendable (Other) -> Value) -> Shape<Other> {
    Shape<Other>(schema) { [writing] other, json in writing(value(other), &json) }
  }

  /// The same form, and null where there is no value.
  @inlinable public var orNull: Shape<Value?> {
    Shape<Value?>(schema.orNull) { [writing] value, json in
      if let value { writing(value, &json) } else { json.null() }
    }
  }

  /// A list of values of this form.
  ///
  /// - Parameter count: The bounds of their number, if there are any.
  /// - Returns: The list's form.
  @inlinable
  public func list(_ count: ClosedRange<Int>? = nil) -> Shape<[Value]> {
    Shape<[Value]>(.list(schema, count: count)) { [writing] list, json in
      json.array { json in for element in list { writing(element, &json) } }
    }
  }

  /// An object whose members have names that only the data knows, each with a value of this form.
  @inlinable public var map: Shape<[(name: String, value: Value)]> {
    Shape<[(name: String, value: Value)]>(.map(schema)) { [writing] members, json in
      json.object { json in
        for member in members { json.member(named: member.name) { writing(member.value, &$0) } }
      }
    }
  }
}

extension Shape where Value == Bool {
  /// True or false.
  public static var boolean: Self { Self(.boolean) { $1.boolean($0) } }
}

extension Shape where Value == String {
  /// A text of a certain form, of any form unless said otherwise.
  public static func text(_ form: TextForm = TextForm()) -> Self { Self(.text(form)) { $1.string($0) } }
}

extension Shape where Value: FixedWidthInteger & SignedInteger & SendableMetatype {
  /// A whole number, within bounds if there are any.
  public static func integer(_ range: ClosedRange<Int64>? = nil) -> Self { Self(.integer(range)) { $1.integer($0) } }
  /// A number of things.
  public static var count: Self { integer(0...Int64(1) << 53) }
}

extension Shape where Value == Double {
  /// A number as it is, within bounds if there are any.
  public static func number(_ range: ClosedRange<Double>? = nil) -> Self { Self(.number(range)) { $1.number($0) } }
}

extension Shape where Value: CaseIterable & RawRepresentable<String> & SendableMetatype {
  /// One of the words of an enumeration.
  public static var word: Self { Self(.word(Value.allCases.map(\.rawValue))) { $1.string($0.rawValue) } }
}

extension Shape where Value == [UInt8] {
  /// A value that already is JSON text, described by a schema.
  public static func written(_ schema: Schema) -> Self { Self(schema) { $1.raw($0) } }
}
