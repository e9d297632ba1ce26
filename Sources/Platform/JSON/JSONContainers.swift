/// The members of an object in their order.
public struct JSONMembers: Sequence, IteratorProtocol {
  @usableFromInline let value: JSONValue
  @usableFromInline var index: Int
  @usableFromInline let end: Int

  @inlinable init(value: JSONValue, index: Int, end: Int) {
    self.value = value
    self.index = index
    self.end = end
  }

  /// The next member; nil at the end.
  @inlinable public mutating func next() -> (key: JSONText, value: JSONValue)? {
    guard index < end else { return nil }
    let key = value.text(at: index)
    let member = JSONValue(tape: value.tape, strings: value.strings, index: index + 1)
    index = member.next
    return (key, member)
  }
}

/// The elements of an array in their order.
public struct JSONElements: Sequence, IteratorProtocol {
  @usableFromInline let value: JSONValue
  @usableFromInline var index: Int
  @usableFromInline let end: Int

  @inlinable init(value: JSONValue, index: Int, end: Int) {
    self.value = value
    self.index = index
    self.end = end
  }

  /// The next element; nil at the end.
  @inlinable public mutating func next() -> JSONValue? {
    guard index < end else { return nil }
    let element = JSONValue(tape: value.tape, strings: value.strings, index: index)
    index = element.next
    return element
  }
}
