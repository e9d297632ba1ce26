internal import Encodings
internal import JSON
internal import MasteryCore

/// The students and schools that a text names in identifying fields, however malformed the text is.
///
/// It finds the students concerned by a message that could not be parsed as an event: in JSON members at any depth, including nested text
/// and base64, and, in anything that is not JSON, wherever something looks like such a field. Ids may be numbers, be surrounded by white
/// space, or be percent-encoded. Words in other fields are ignored.
struct NamedStudents: Hashable, Sendable {
  /// Maximum depth of texts nested within each other.
  private static let depthLimit = 8
  /// Maximum nesting of JSON values; below it, the text itself is searched.
  private static let nestingLimit = 64
  /// Maximum nesting of lists, objects and unions in a field of ids.
  private static let unionLimit = 8
  /// A text with fewer bytes cannot contain a field.
  private static let shortestText = 8
  /// Maximum bytes of an unquoted value to search for its end, so that a text full of fields takes linear time; ids have at most 128, and
  /// three times as many if each of them is percent-encoded.
  private static let longestBareValue = 512
  private static let studentFields: Set<String> = [
    "studentid", "student", "studentids", "students", "learnerid", "learner", "learnerids", "learners", "userid", "userids",
  ]
  private static let schoolFields: Set<String> = ["schoolid", "school"]
  /// Maximum number of students in known schools whose documents are read whether or not they are noted as forgotten.
  private static let fewKeys = 64
  /// Maximum number of students to look up; no text of 64 KiB, the most that a dead letter holds of an event, names so many.
  private static let mostStudents = 20_000

  /// The students.
  private(set) var students: Set<StudentID> = []
  /// The schools with readable ids.
  private(set) var schools: Set<SchoolID> = []

  /// Searches a text.
  init(in text: [UInt8]) { text.withUnsafeBufferPointer { read($0, depth: 0) } }

  /// Whether a student may be meant: one with a named id, in a named school or, if no readable school is named, in any.
  func mayMean(_ key: StudentKey) -> Bool {
    students.contains(key.student) && MeantStudents(schools: schools).includes(key)
  }

  /// The students who may be meant.
  ///
  /// A few in known schools are given by their keys, so that their documents are read; many are given by their ids, so that only those
  /// are read who are noted as forgotten.
  var meant: MeantStudents {
    guard students.count <= Self.mostStudents else { return MeantStudents(areTooMany: true) }
    let ids = students.sorted()
    guard !schools.isEmpty, ids.count * schools.count <= Self.fewKeys else { return MeantStudents(anywhere: ids, schools: schools) }
    let schools = schools.sorted { $0.text < $1.text }
    return MeantStudents(keys: ids.flatMap { student in schools.map { StudentKey(school: $0, student: student) } })
  }

  // MARK: Texts

  private mutating func read(_ text: UnsafeBufferPointer<UInt8>, depth: Int) {
    guard depth < Self.depthLimit, !text.isEmpty else { return }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let own = text.starts(with: mark) ? UnsafeBufferPointer(rebasing: text.dropFirst(mark.count)) : text
    let isRead = try? JSONDocument.parse(UnsafeRawBufferPointer(own)) { (root) throws(Never) in read(root, depth: depth, nesting: 0) }
    if isRead == true { return }
    if isRead == nil { readDecoded(own, depth: depth) }
    readFields(of: own)
  }

  /// Decodes a text and searches it if it is base64, in either alphabet, with line breaks or without padding.
  private mutating func readDecoded(_ text: UnsafeBufferPointer<UInt8>, depth: Int) {
    var plain: [UInt8] = []
    plain.reserveCapacity(text.count + 3)
    for byte in text {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "-"): plain.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): plain.append(UInt8(ascii: "/"))
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
        plain.append(byte)
      default: return
      }
    }
    while plain.count % 4 != 0 { plain.append(UInt8(ascii: "=")) }
    guard let decoded = plain.withUnsafeBufferPointer({ Base64.decode($0) }) else { return }
    decoded.withUnsafeBufferPointer { read($0, depth: depth + 1) }
  }

  // MARK: JSON

  /// Reads a value; false if it is nested too deeply.
  ///
  /// `mayBeID` tells whether it is in a field of ids.
  private mutating func read(_ value: JSONValue, depth: Int, nesting: Int, mayBeID: Bool = false) -> Bool {
    guard nesting < Self.nestingLimit else { return false }
    var isWhole = true
    switch value.kind {
    case .object:
      for (name, member) in value.members {
        let field = Self.plain(name.bytes)
        let (isStudent, isSchool) = (Self.studentFields.contains(field), Self.schoolFields.contains(field))
        if isStudent { takeStudents(member) }
        if isSchool { takeSchools(member) }
        let isID = isStudent || isSchool || mayBeID && (name.matches("id") || value.inUnion != nil)
        isWhole = read(member, depth: depth, nesting: nesting + 1, mayBeID: isID) && isWhole
      }
    case .array:
      for element in value.elements { isWhole = read(element, depth: depth, nesting: nesting + 1, mayBeID: mayBeID) && isWhole }
    case .string:
      guard let text = value.text, text.count >= Self.shortestText else { break }
      // An id may look like a field of its own, as `urn:school:north` does.
      if mayBeID, let string = value.string, Self.spellings(of: string).contains(where: { StudentID($0) != nil }) { break }
      read(text.bytes, depth: depth + 1)
    case .number, .boolean, .null: break
    }
    return isWhole
  }

  private mutating func takeStudents(_ value: JSONValue) {
    for id in Self.ids(value) { if let student = StudentID(id) { students.insert(student) } }
  }

  private mutating func takeSchools(_ value: JSONValue) {
    for id in Self.ids(value) { if let school = SchoolID(id) { schools.insert(school) } }
  }

  /// The ids in a field: its value, the elements of its list, the `id` of its object, or any of these in the object of an Avro union.
  private static func ids(_ value: JSONValue, nesting: Int = 0) -> [String] {
    guard nesting < unionLimit else { return [] }
    switch value.kind {
    case .string: return value.string.map(spellings) ?? []
    case .number: return value.integer.map { ["\($0)"] } ?? []
    case .array: return value.elements.flatMap { $0.kind == .array ? [] : ids($0, nesting: nesting + 1) }
    case .object:
      if let id = value["id"] { return ids(id, nesting: nesting + 1) }
      guard let inner = value.inUnion else { return [] }
      // The members of a map have names that say nothing.
      let isMap = value["map"] != nil && inner.kind == .object
      return isMap ? inner.members.flatMap { ids($0.value, nesting: nesting + 1) } : ids(inner, nesting: nesting + 1)
    case .boolean, .null: return []
    }
  }

  // MARK: Text that is not JSON

  private mutating func readFields(of text: UnsafeBufferPointer<UInt8>) {
    var position = 0
    var read = (students: Set<Int>(), schools: Set<Int>())
    while position < text.count {
      guard Self.isPartOfName(text[position]) else {
        position += 1
        continue
      }
      let end = text[position...].firstIndex { !Self.isPartOfName($0) } ?? text.count
      // No field has a longer name.
      let field = end - position <= 32 ? Self.plain(text[position..<end]) : ""
      position = end
      let isStudent = Self.studentFields.contains(field)
      guard isStudent || Self.schoolFields.contains(field), let start = Self.value(of: text, behind: end) else { continue }
      let found = isStudent ? Self.ids(in: text, from: start, &read.students) : Self.ids(in: text, from: start, &read.schools)
      for id in found.ids.joined() {
        if isStudent, let student = StudentID(id) { students.insert(student) }
        if !isStudent, let school = SchoolID(id) { schools.insert(school) }
      }
      // An id may look like a field of its own, as `urn:school:north` does.
      if found.ids.allSatisfy({ $0.contains { StudentID($0) != nil } }) { position = max(position, found.end) }
    }
  }

  /// The start of a field's value, after its name and separator; nil if there is no separator.
  private static func value(of text: UnsafeBufferPointer<UInt8>, behind end: Int) -> Int? {
    guard let mark = text[end...].firstIndex(where: { !isSpace($0) && !isQuote($0) }), isMark(text[mark]) else { return nil }
    return unionValue(of: text, behind: mark + 1) ?? mark + 1
  }

  /// The start of a value in the object of an Avro union, as in `{"string":"anna"}`; nil if there is no such object.
  private static func unionValue(of text: UnsafeBufferPointer<UInt8>, behind start: Int) -> Int? {
    guard let opening = text[start...].firstIndex(where: { !isSpace($0) }), text[opening] == UInt8(ascii: "{"),
      let name = text[(opening + 1)...].firstIndex(where: { !isSpace($0) && !isQuote($0) })
    else { return nil }
    let end = text[name...].prefix(256).firstIndex { !isPartOfName($0) && $0 != UInt8(ascii: ".") } ?? text.count
    guard isUnionName(text[name..<end]),
      let mark = text[end...].firstIndex(where: { !isSpace($0) && !isQuote($0) }), isMark(text[mark])
    else { return nil }
    return mark + 1
  }

  /// Whether a name is that of a type in a union: one of Avro's own, or of a record or an enumeration with a namespace.
  private static func isUnionName(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    ["string", "int", "long", "array", "map", "bytes"].contains { name.elementsEqual($0.utf8) } || name.contains(UInt8(ascii: "."))
  }

  /// The ids at a position: one, or those of a list.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - start: The position.
  ///   - read: The positions of the list elements read so far. From such an element on, a list has no further ids, so that lists within
  ///     each other take linear time too.
  /// - Returns: The spellings of each id, of which there may be none, and the end of the last one.
  private static func ids(
    in text: UnsafeBufferPointer<UInt8>, from start: Int, _ read: inout Set<Int>
  ) -> (ids: [[String]], end: Int) {
    guard let first = text[start...].firstIndex(where: { !isSpace($0) }) else { return ([], start) }
    let isList = text[first] == UInt8(ascii: "[")
    var position = isList ? first + 1 : first
    var ids: [[String]] = []
    var last = start
    while let element = text[position...].firstIndex(where: { !isSpace($0) }), !isList || read.insert(element).inserted {
      let behind = isList ? unionValue(of: text, behind: element) : nil
      guard let begin = behind.map({ text[$0...].firstIndex { !isSpace($0) } }) ?? element else { break }
      let isQuoted = isQuote(text[begin])
      let opening = isQuoted ? begin + 1 : begin
      let limit = isList || isQuoted ? text.count : min(text.count, opening + longestBareValue)
      let found = isQuoted ? endOfQuoted(text, from: opening) : text[opening..<limit].firstIndex(where: isEnd)
      guard let end = found ?? (limit == text.count ? limit : nil) else { break }
      ids.append(spellings(of: String(decoding: text[opening..<end], as: UTF8.self)))
      last = end
      let next = text[end...].firstIndex { !isSpace($0) && !isQuote($0) && !(behind != nil && $0 == UInt8(ascii: "}")) }
      guard isList, let next, text[next] == UInt8(ascii: ",") else { break }
      position = next + 1
    }
    return (ids, last)
  }

  /// The end of a quoted value: its quote, or the backslashes before that in nested text; nil if it has none.
  private static func endOfQuoted(_ text: UnsafeBufferPointer<UInt8>, from opening: Int) -> Int? {
    var position = opening
    while position < text.count {
      if isQuote(text[position]) { return position }
      guard text[position] == UInt8(ascii: "\\") else {
        position += 1
        continue
      }
      let behind = text[position...].firstIndex { $0 != UInt8(ascii: "\\") } ?? text.count
      if behind < text.count, isQuote(text[behind]) { return position }
      position = behind
    }
    return nil
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    byte.isLetterOrDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// White space, and the backslashes before quotes in nested text.
  private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == UInt8(ascii: "\\") }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">")
  }

  /// Whether a byte ends an unquoted id.
  private static func isEnd(_ byte: UInt8) -> Bool { isSpace(byte) || isQuote(byte) || ",;&<>{}[]()".utf8.contains(byte) }

  // MARK: -

  /// A field's name without the variations of producers: case, `_`, `-` and spaces.
  private static func plain(_ name: some Sequence<UInt8>) -> String {
    var plain = ""
    for byte in name {
      switch byte {
      case UInt8(ascii: "_"), UInt8(ascii: "-"), 0x20: continue
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): plain.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
      default: plain.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return plain
  }

  /// An id as it stands there and, if it is escaped as JSON, or percent-encoded as in forms and addresses, decoded.
  private static func spellings(of text: String) -> [String] {
    let id = trimmed(text.utf8.contains(UInt8(ascii: "\\")) ? unescaped(text) ?? text : text)
    let decoded = PercentCoding.decode(id[...])
    return decoded == id ? [id] : [id, decoded]
  }

  /// The text that JSON escapes so; nil if it is not JSON.
  private static func unescaped(_ text: String) -> String? {
    // As an element, since a text alone is no document to every reader.
    (try? JSONDocument.parse(Array("[\"\(text)\"]".utf8)) { (root) throws(Never) in root.elements.first { _ in true }?.string }) ?? nil
  }

  /// A text without surrounding white space, control and format characters.
  private static func trimmed(_ text: String) -> String {
    func isAround(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || [.control, .format].contains(scalar.properties.generalCategory)
    }
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isAround($0) }), let last = scalars.lastIndex(where: { !isAround($0) }) else {
      return ""
    }
    return String(scalars[first...last])
  }
}
