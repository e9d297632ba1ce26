/// The members of an object in their order.
public struct JSONMembers: Sequence, IteratorProtocol {
  @usableFromInline let value: JSONValue
  @usableFromInline var place: Int
  @usableFromInline let end: Int

  @inlinable init(value: JSONValue, place: Int, end: Int) {
    self.value = value
    self.place = place
    self.end = end
  }

  /// The next member; nil at the end.
  @inlinable public mutating func next() -> (key: JSONText, value: JSONValue)? {
    guard place < end else { return nil }
    let key = value.text(at: place)
    let member = JSONValue(tape: value.tape, strings: value.strings, index: place + 1)
    place = member.next
    return (key, member)
  }
}

/// The elements of an array in their order.
public struct JSONElements: Sequence, IteratorProtocol {
  @usableFromInline let value: JSONValue
  @usableFromInline var place: Int
  @usableFromInline let end: Int

  @inlinable init(value: JSONValue, place: Int, end: Int) {
    self.value = value
    self.place = place
    self.end = end
  }

  /// The next element; nil at the end.
  @inlinable public mutating func next() -> JSONValue? {
    guard place < end else { return nil }
    let element = JSONValue(tape: value.tape, strings: value.strings, index: place)
    place = element.next
    return element
  }
}
