/// A value that a JSON writer writes by itself; a missing one is null.
public protocol JSONWritable {
  /// Writes the value as the writer's next one.
  func write(to json: inout JSONWriter)
}

extension String: JSONWritable {
  /// Writes the text as a string.
  @inlinable public func write(to json: inout JSONWriter) { json.string(self) }
}

extension StaticString: JSONWritable {
  /// Writes the text, which must not need escaping, as a string.
  @inlinable public func write(to json: inout JSONWriter) { json.string(self) }
}

extension Bool: JSONWritable {
  /// Writes true or false.
  @inlinable public func write(to json: inout JSONWriter) { json.boolean(self) }
}

extension Int: JSONWritable {
  /// Writes the integer.
  @inlinable public func write(to json: inout JSONWriter) { json.integer(self) }
}

extension Int64: JSONWritable {
  /// Writes the integer.
  @inlinable public func write(to json: inout JSONWriter) { json.integer(self) }
}

extension Double: JSONWritable {
  /// Writes the number in its shortest form.
  @inlinable public func write(to json: inout JSONWriter) { json.number(self) }
}

extension JSONValue: JSONWritable {
  /// Copies the parsed value in compact form.
  @inlinable public func write(to json: inout JSONWriter) { json.copy(self) }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
  /// Writes the value, or null if there is none.
  @inlinable
  public func write(to json: inout JSONWriter) {
    if let self { self.write(to: &json) } else { json.null() }
  }
}
