// Objects, arrays and members. What a closure writes is their content, so no end can be forgotten and no member lacks its value; if it
// throws, the writer's text is cut off there.

extension JSONWriter {
  // MARK: Whole texts

  /// The text of an object.
  ///
  /// - Parameters:
  ///   - capacity: The bytes that it has room for before it has to grow.
  ///   - members: Writes the members.
  /// - Returns: The text.
  /// - Throws: What the closure throws.
  @inlinable @inline(__always)
  public static func object<Failure>(
    capacity: Int = 256, _ members: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    var json = JSONWriter(capacity: capacity)
    try json.object(members)
    return json.bytes
  }

  /// The text of an array.
  ///
  /// - Parameters:
  ///   - capacity: The bytes that it has room for before it has to grow.
  ///   - elements: Writes the elements.
  /// - Returns: The text.
  /// - Throws: What the closure throws.
  @inlinable @inline(__always)
  public static func array<Failure>(
    capacity: Int = 256, _ elements: (inout JSONWriter) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    var json = JSONWriter(capacity: capacity)
    try json.array(elements)
    return json.bytes
  }

  // MARK: Values

  /// Writes an object with the members that the closure writes.
  @inlinable @inline(__always)
  public mutating func object<Failure>(_ members: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    open(UInt8(ascii: "{"))
    try members(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes an array with the elements that the closure writes.
  @inlinable @inline(__always)
  public mutating func array<Failure>(_ elements: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    open(UInt8(ascii: "["))
    try elements(&self)
    close(UInt8(ascii: "]"))
  }

  /// Writes an array with what the closure writes for each item of a list.
  @inlinable @inline(__always)
  public mutating func array<List: Sequence, Failure>(
    of list: List, _ element: (inout JSONWriter, List.Element) throws(Failure) -> Void
  ) throws(Failure) {
    try array { (json) throws(Failure) in for item in list { try element(&json, item) } }
  }

  /// Writes an array of values.
  @inlinable @inline(__always)
  public mutating func array(of list: some Sequence<some JSONWritable>) {
    array(of: list) { json, item in item.write(to: &json) }
  }

  /// Writes an array with one object for each item of a list; the closure writes its members.
  @inlinable @inline(__always)
  public mutating func objects<List: Sequence, Failure>(
    of list: List, _ members: (inout JSONWriter, List.Element) throws(Failure) -> Void
  ) throws(Failure) {
    try array(of: list) { (json, item) throws(Failure) in try json.object { (json) throws(Failure) in try members(&json, item) } }
  }

  // MARK: Members

  /// Writes a member, whose name must not need escaping.
  @inlinable public mutating func member(_ name: StaticString, _ value: some JSONWritable) {
    key(name)
    value.write(to: &self)
  }

  /// Writes a member whose value already is JSON text.
  @inlinable public mutating func member(_ name: StaticString, raw json: some Collection<UInt8>) {
    key(name)
    raw(json)
  }

  /// Writes a member whose value the closure writes.
  @inlinable @inline(__always)
  public mutating func member<Failure>(_ name: StaticString, _ value: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    key(name)
    try value(&self)
  }

  /// Writes a member whose value is an object.
  @inlinable @inline(__always)
  public mutating func object<Failure>(_ name: StaticString, _ members: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    key(name)
    try object(members)
  }

  /// Writes a member whose value is the object of a value, or null if there is none.
  @inlinable @inline(__always)
  public mutating func object<Value, Failure>(
    _ name: StaticString, of value: Value?, _ members: (inout JSONWriter, Value) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    guard let value else { return null() }
    try object { (json) throws(Failure) in try members(&json, value) }
  }

  /// Writes a member whose value is an array.
  @inlinable @inline(__always)
  public mutating func array<Failure>(_ name: StaticString, _ elements: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    key(name)
    try array(elements)
  }

  /// Writes a member whose value is an array with what the closure writes for each item of a list.
  @inlinable @inline(__always)
  public mutating func array<List: Sequence, Failure>(
    _ name: StaticString, of list: List, _ element: (inout JSONWriter, List.Element) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    try array(of: list, element)
  }

  /// Writes a member whose value is an array of values.
  @inlinable @inline(__always)
  public mutating func array(_ name: StaticString, of list: some Sequence<some JSONWritable>) {
    key(name)
    array(of: list)
  }

  /// Writes a member whose value is an array with one object for each item of a list; the closure writes its members.
  @inlinable @inline(__always)
  public mutating func objects<List: Sequence, Failure>(
    _ name: StaticString, of list: List, _ members: (inout JSONWriter, List.Element) throws(Failure) -> Void
  ) throws(Failure) {
    key(name)
    try objects(of: list, members)
  }

  // MARK: Members whose names are known at run time only

  /// Writes a member.
  @inlinable public mutating func member(named name: String, _ value: some JSONWritable) {
    key(named: name)
    value.write(to: &self)
  }

  /// Writes a member whose value already is JSON text.
  @inlinable public mutating func member(named name: String, raw json: some Collection<UInt8>) {
    key(named: name)
    raw(json)
  }

  /// Writes a member whose value the closure writes.
  @inlinable @inline(__always)
  public mutating func member<Failure>(named name: String, _ value: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    key(named: name)
    try value(&self)
  }

  /// Writes a member whose value is an object.
  @inlinable @inline(__always)
  public mutating func object<Failure>(named name: String, _ members: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    key(named: name)
    try object(members)
  }

  /// Writes a member with its name as the parser found it.
  @inlinable public mutating func member(_ name: JSONText, _ value: some JSONWritable) {
    key(name)
    value.write(to: &self)
  }

  /// Writes a member, with its name as the parser found it, whose value already is JSON text.
  @inlinable public mutating func member(_ name: JSONText, raw json: some Collection<UInt8>) {
    key(name)
    raw(json)
  }

  /// Writes a member, with its name as the parser found it, whose value the closure writes.
  @inlinable @inline(__always)
  public mutating func member<Failure>(_ name: JSONText, _ value: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
    key(name)
    try value(&self)
  }
}
