internal import Encodings
internal import JSON
internal import MasteryCore

/// The students that a text names in fields that are there to name them, with the schools that it names, however malformed it is.
///
/// It finds what a message that nobody could read as an event is still about: members of JSON at any depth, in texts and base64 within
/// it too, and in what is no JSON whatever looks like such a field. Ids may be numbers and have white space around them. Words in other
/// fields name nobody.
struct NamedStudents: Hashable, Sendable {
  /// Texts within each other are looked into down to this depth.
  private static let depthLimit = 8
  /// Values of JSON within each other are looked into down to this depth; below, the text itself is.
  private static let nestingLimit = 64
  /// A text of fewer bytes holds no field.
  private static let shortestText = 8
  private static let studentFields: Set<String> = [
    "studentid", "student", "studentids", "students", "learnerid", "learner", "learnerids", "learners", "userid", "userids",
  ]
  private static let schoolFields: Set<String> = ["schoolid", "school"]

  /// The students.
  private(set) var students: Set<StudentID> = []
  /// The schools, as far as their ids can be read.
  private(set) var schools: Set<SchoolID> = []

  /// What a text names.
  init(in text: [UInt8]) { text.withUnsafeBufferPointer { read($0, depth: 0) } }

  /// Whether a student may be meant: one of that id, of any school where none is named that can be read.
  func mayMean(_ key: StudentKey) -> Bool {
    guard students.contains(key.student) else { return false }
    return schools.isEmpty || key.school.map(schools.contains) ?? false
  }

  /// The students who may be meant, so many at the most.
  func meant(limit: Int) -> MeantStudents {
    guard !schools.isEmpty else { return MeantStudents(keys: [], anywhere: Array(students.sorted().prefix(limit))) }
    let schools = schools.sorted { $0.text < $1.text }
    let keys = students.sorted().lazy.flatMap { student in schools.map { StudentKey(school: $0, student: student) } }
    return MeantStudents(keys: Array(keys.prefix(limit)), anywhere: [])
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

  /// Reads what a text stands for where it is base64, in either alphabet, with line breaks or without padding.
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

  /// Reads a value; false where it is nested too deeply.
  private mutating func read(_ value: JSONValue, depth: Int, nesting: Int) -> Bool {
    guard nesting < Self.nestingLimit else { return false }
    var isWhole = true
    switch value.kind {
    case .object:
      for (name, member) in value.members {
        let field = Self.plain(name.bytes)
        if Self.studentFields.contains(field) { takeStudents(member) }
        if Self.schoolFields.contains(field) { takeSchools(member) }
        isWhole = read(member, depth: depth, nesting: nesting + 1) && isWhole
      }
    case .array: for element in value.elements { isWhole = read(element, depth: depth, nesting: nesting + 1) && isWhole }
    case .string: if let text = value.text, text.count >= Self.shortestText { read(text.bytes, depth: depth + 1) }
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

  /// The ids that a field gives: itself, those of its list, or the `id` of its object.
  private static func ids(_ value: JSONValue) -> [String] {
    switch value.kind {
    case .string: value.string.map { [trimmed($0)] } ?? []
    case .number: value.integer.map { ["\($0)"] } ?? []
    case .array: value.elements.flatMap { $0.kind == .array ? [] : ids($0) }
    case .object: value["id"].map { $0.kind == .object ? [] : ids($0) } ?? []
    case .boolean, .null: []
    }
  }

  // MARK: What is no JSON

  private mutating func readFields(of text: UnsafeBufferPointer<UInt8>) {
    var place = 0
    while place < text.count {
      guard Self.isPartOfName(text[place]) else {
        place += 1
        continue
      }
      let end = text[place...].firstIndex { !Self.isPartOfName($0) } ?? text.count
      // A name that is longer than any field's is none.
      let field = end - place <= 32 ? Self.plain(text[place..<end]) : ""
      place = end
      let isStudent = Self.studentFields.contains(field)
      guard isStudent || Self.schoolFields.contains(field), let start = Self.value(of: text, behind: end) else { continue }
      for id in Self.ids(in: text, from: start) {
        if isStudent {
          if let student = StudentID(id) { students.insert(student) }
        } else if let school = SchoolID(id) {
          schools.insert(school)
        }
      }
    }
  }

  /// Where the value of a field begins, behind its name and what parts them; nil where there is no such mark.
  private static func value(of text: UnsafeBufferPointer<UInt8>, behind end: Int) -> Int? {
    guard let mark = text[end...].firstIndex(where: { !isSpace($0) && !isQuote($0) }), isMark(text[mark]) else { return nil }
    return mark + 1
  }

  /// The ids at a place: one, or those of a list.
  private static func ids(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> [String] {
    guard let first = text[start...].firstIndex(where: { !isSpace($0) }) else { return [] }
    let isList = text[first] == UInt8(ascii: "[")
    var place = isList ? first + 1 : first
    var ids: [String] = []
    while let begin = text[place...].firstIndex(where: { !isSpace($0) }) {
      let isQuoted = isQuote(text[begin])
      let opening = isQuoted ? begin + 1 : begin
      let end = text[opening...].firstIndex { isQuoted ? isQuote($0) || $0 == UInt8(ascii: "\\") : isEnd($0) } ?? text.count
      ids.append(trimmed(String(decoding: text[opening..<end], as: UTF8.self)))
      guard isList, let next = text[end...].firstIndex(where: { !isSpace($0) && !isQuote($0) }), text[next] == UInt8(ascii: ",") else {
        break
      }
      place = next + 1
    }
    return ids
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// White space, and the backslashes before the quotes of a text within a text.
  private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == UInt8(ascii: "\\") }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ">")
  }

  /// What ends an id that stands without quotes.
  private static func isEnd(_ byte: UInt8) -> Bool { isSpace(byte) || isQuote(byte) || ",;&<>{}[]()".utf8.contains(byte) }

  // MARK: -

  /// A field's name without what producers write differently: case, `_`, `-` and spaces.
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

  /// A text without white space, control and format characters around it.
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

/// Whose an event may be.
struct MeantStudents: Sendable {
  /// Students of known schools.
  var keys: [StudentKey]
  /// Students of whom nobody knows the school.
  var anywhere: [StudentID] = []
}
