public import JSON

/// A member of the JSON object of a kind of value, or several that belong together.
public struct Member<Owner>: Sendable {
  /// What is written.
  public let properties: [ObjectSchema.Property]
  @usableFromInline let writing: @Sendable (Owner, inout JSONWriter) -> Void

  @usableFromInline
  init(_ properties: [ObjectSchema.Property], _ writing: @escaping @Sendable (Owner, inout JSONWriter) -> Void) {
    (self.properties, self.writing) = (properties, writing)
  }

  /// A member that is always there.
  ///
  /// - Parameters:
  ///   - name: Its name, which must not need escaping.
  ///   - shape: The form of its value.
  ///   - meaning: What it means, in a phrase.
  ///   - value: Its value.
  @inlinable
  public init<Value>(
    _ name: StaticString, _ shape: Shape<Value>, _ meaning: String, _ value: @escaping @Sendable (Owner) -> Value
  ) {
    self.init([ObjectSchema.Property(name.description, shape.schema, meaning)]) { [writing = shape.writing] owner, json in
      json.member(name) { writing(value(owner), &$0) }
    }
  }

  /// A member whose value is an object, always there.
  @inlinable
  public init<Value>(
    _ name: StaticString, _ object: ObjectShape<Value>, _ meaning: String, _ value: @escaping @Sendable (Owner) -> Value
  ) {
    self.init([ObjectSchema.Property(name.description, .object(object.schema), meaning)]) { [writing = object.writing] owner, json in
      let value = value(owner)
      json.object(name) { writing(value, &$0) }
    }
  }

  /// A member that is null where there is no value.
  @inlinable
  public static func nullable<Value>(
    _ name: StaticString, _ shape: Shape<Value>, _ meaning: String, _ value: @escaping @Sendable (Owner) -> Value?
  ) -> Self {
    Self(name, shape.orNull, meaning, value)
  }

  /// A member that is left out where there is no value.
  @inlinable
  public static func optional<Value>(
    _ name: StaticString, _ shape: Shape<Value>, _ meaning: String, _ value: @escaping @Sendable (Owner) -> Value?
  ) -> Self {
    let property = ObjectSchema.Property(name.description, shape.schema, meaning, isRequired: false)
    return Self([property]) { [writing = shape.writing] owner, json in
      guard let value = value(owner) else { return }
      json.member(name) { writing(value, &$0) }
    }
  }

  /// The members of another object, in this one.
  @inlinable
  public static func all<Value>(of object: ObjectShape<Value>, _ value: @escaping @Sendable (Owner) -> Value) -> Self {
    Self(object.schema.properties) { [writing = object.writing] owner, json in
      let value = value(owner)
      writing(value, &json)
    }
  }

  /// The members of another object, in this one; none of them where there is no value.
  @inlinable
  public static func all<Value>(ofOptional object: ObjectShape<Value>, _ value: @escaping @Sendable (Owner) -> Value?) -> Self {
    let properties = object.schema.properties.map { property in
      var property = property
      property.isRequired = false
      return property
    }
    return Self(properties) { [writing = object.writing] owner, json in
      guard let value = value(owner) else { return }
      writing(value, &json)
    }
  }
}
