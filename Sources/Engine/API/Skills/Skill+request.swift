internal import JSON
internal import Schemas

extension Skill {
  /// Makes a request of options.
  ///
  /// The intent itself reads it, so whatever its declaration refuses is refused here.
  ///
  /// - Parameters:
  ///   - texts: The values of options, by the option's name.
  ///   - json: Further fields as the JSON text of an object.
  /// - Returns: The request.
  /// - Throws: `SkillFault` that names the first wrong option.
  package func request(_ texts: [String: String], json: String? = nil) throws(SkillFault) -> SkillRequest {
    let fields = try fields(texts, json: json)
    let intent: any Intent
    do throws(JSONFailure<JSONInvalid>) {
      intent = try JSONDocument.parse(fields) { (root) throws(JSONInvalid) in try type.init(RequestFields(root, of: declaration.fields)) }
    } catch {
      switch error {
      case .malformed(let why): throw SkillFault(message: "the request must be JSON: \(why)")
      case .reading(let invalid): throw fault(invalid, given: Set(texts.keys))
      }
    }
    guard let call = declaration.call(fields) else { throw SkillFault(message: "the request lacks a field of its path") }
    let accesses = !intent.accessed.isEmpty
    return SkillRequest(
      type: type, fields: fields, method: declaration.method, target: call.target, body: call.body,
      needsStoredData: declaration.storedData != .none || accesses,
      changesStoredData: declaration.storedData.changes || declaration.storedData == .none && accesses)
  }

  /// A refusal in terms of the options.
  private func fault(_ invalid: JSONInvalid, given: Set<String>) -> SkillFault {
    var invalid = invalid
    let named = options.first { $0.name == invalid.field || $0.member == nil && $0.field.name == invalid.field }
    if let named { invalid.field = "--\(named.name)" }
    return SkillFault(message: invalid.description)
  }

  // MARK: The fields

  /// The JSON text of all fields.
  private func fields(_ texts: [String: String], json: String?) throws(SkillFault) -> [UInt8] {
    var members: [(name: String, json: [UInt8])] = []
    if let json { members = try Self.members(of: json) }
    let ofJSON = Set(members.map(\.name))
    for field in declaration.fields {
      let own = options.filter { $0.field.name == field.name && texts[$0.name] != nil }
      guard let first = own.first else { continue }
      guard !ofJSON.contains(where: { field.isCalled($0) }) else {
        throw SkillFault(message: "--\(first.name) must be left out where --json has \(field.name)")
      }
      if first.member == nil {
        if own.count > 1 { throw SkillFault(message: "--\(own[1].name) must be left out beside --\(first.name)") }
        members.append((field.name, try first.json(of: texts[first.name] ?? "")))
      } else {
        members.append((field.name, try Self.object(of: own, texts)))
      }
    }
    return JSONWriter.object { json in for member in members { json.member(named: member.name, raw: member.json) } }
  }

  private static func object(of options: [SkillOption], _ texts: [String: String]) throws(SkillFault) -> [UInt8] {
    var members: [(name: String, json: [UInt8])] = []
    for option in options {
      if let member = option.member { members.append((member.name, try option.json(of: texts[option.name] ?? ""))) }
    }
    return JSONWriter.object { json in for member in members { json.member(named: member.name, raw: member.json) } }
  }

  private static func members(of text: String) throws(SkillFault) -> [(name: String, json: [UInt8])] {
    let members = try? JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) -> [(name: String, json: [UInt8])]? in
      guard root.kind == .object else { return nil }
      return root.members.map { name, value in (name.string, value.compactBytes) }
    }
    guard let members else { throw SkillFault(message: "--json must be a JSON object, got \"\(text.prefix(100))\"") }
    return members
  }
}

extension SkillOption {
  /// The JSON text of a value that is given as text.
  ///
  /// Where text is a value it is taken as it is: an id of digits keeps its zeros.
  ///
  /// - Throws: `SkillFault` if no reading of the text is a value of the option.
  func json(of text: String) throws(SkillFault) -> [UInt8] {
    let schema = member?.schema ?? field.schema
    var literal = JSONWriter()
    literal.string(text)
    let readings = [literal.bytes, Array(text.utf8)] + (field.isList && member == nil ? [Self.list(of: text)] : [])
    for reading in schema == .anything ? readings.reversed() : readings {
      let isGood = try? JSONDocument.parse(reading) { (value) throws(Never) in schema.faults(in: value).isEmpty }
      if isGood == true { return reading }
    }
    if member == nil { throw SkillFault(message: "--\(name) \(field.type.constraint), got \"\(text.prefix(100))\"") }
    throw SkillFault(message: Self.fault(schema, readings, name) ?? "--\(name) must be JSON, got \"\(text.prefix(100))\"")
  }

  /// What is wrong with a member's value: by its JSON, if it is that.
  private static func fault(_ schema: Schema, _ readings: [[UInt8]], _ name: String) -> String? {
    for reading in readings.reversed() {
      let faults = try? JSONDocument.parse(reading) { (value) throws(Never) in schema.faults(in: value, at: "--\(name)") }
      if let first = faults?.first { return first }
    }
    return nil
  }

  /// A list of what stands between commas.
  private static func list(of text: String) -> [UInt8] {
    var json = JSONWriter()
    json.array(of: text.split(separator: ",").map(String.init))
    return json.bytes
  }
}

extension FieldDeclaration {
  fileprivate var isList: Bool { if case .list = type { true } else { false } }
}
