internal import JSON
internal import MasteryCore
internal import Schemas

/// An answer as a model is given it, in few tokens: nulls are left out, numbers have three decimals at the most, long lists are cut.
struct ToolAnswer {
  /// Maximum bytes of an answer whose members nobody chose.
  ///
  /// It is sent twice, once as text: both together have under 2,000 tokens, of any ids.
  static let shortLength = 1_500
  /// Maximum bytes of an answer whose members were chosen.
  static let longLength = 64 << 10

  /// The JSON text.
  let json: [UInt8]

  /// Shortens an answer; nil if it is nested too deeply to be read again.
  ///
  /// What does not fit is named in the member `left_out`, as `a.b` where it is a member of a member: of a list with the number of its
  /// elements, of anything else with true.
  ///
  /// - Parameters:
  ///   - data: The JSON text of the answer's `data`, an object.
  ///   - choice: The wanted members.
  ///   - objects: What the answer may be. What no schema describes stays as it is: it is somebody else's.
  init?(_ data: [UInt8], _ choice: MemberChoice, of objects: [ObjectSchema]) {
    var plan = Plan()
    let schemas = objects.map { Schema.object($0) }
    guard let whole = try? JSONDocument.parse(data, { (root) throws(Never) in plan.take(root, choice, schemas, at: "") }) else {
      return nil
    }
    plan.share(choice == .all ? Self.shortLength : Self.longLength)
    json = JSONWriter.object(capacity: Self.shortLength) { json in
      if case .object(let members) = whole { plan.write(members, to: &json) }
      plan.writeLeftOut(to: &json)
    }
  }

  /// Where the parts of an answer stand.
  private indirect enum Place {
    case part(Int)
    case object([(name: String, place: Place)])
  }

  /// A list, or a value that is neither list nor object, in compact form.
  private struct Part {
    /// The names that lead to it, with dots between them.
    let path: String
    /// The JSON text of the value, or of each element if it is a list.
    let texts: [[UInt8]]
    let isList: Bool
    /// How many elements are shown; 1 or 0 of what is no list.
    var shown = 0

    var isWhole: Bool { shown == texts.count }
    /// The bytes of all of it, with a comma behind each element.
    var length: Int { texts.reduce(0) { $0 + $1.count + (isList ? 1 : 0) } }
    /// The bytes of its mention as left out: name, quotes, colon, number, comma.
    var mention: Int { path.utf8.count + 9 }
  }

  /// What is shown of an answer.
  private struct Plan {
    private var parts: [Part] = []
    /// The bytes of what stands around the parts: names with their quotes and colons, commas, brackets.
    private var frame = 2

    /// Takes in a value of the answer; lists within lists are part of their elements.
    mutating func take(_ value: JSONValue, _ choice: MemberChoice, _ schemas: [Schema], at path: String) -> Place {
      let objects = schemas.flatMap(\.objects)
      guard value.kind == .object, !objects.isEmpty else {
        let isList = value.kind == .array
        let inner = isList ? schemas.flatMap(\.elements) : schemas
        let texts = (isList ? Array(value.elements) : [value]).map { ToolAnswer.compact($0, choice, inner) }
        parts.append(Part(path: path, texts: texts, isList: isList))
        return .part(parts.count - 1)
      }
      var members: [(name: String, place: Place)] = []
      for (name, member) in value.members {
        guard let inner = choice.among(name), let schemas = ToolAnswer.schemas(of: name, member, in: objects) else { continue }
        frame += name.count + 6
        members.append((name.string, take(member, inner, schemas, at: path.isEmpty ? name.string : "\(path).\(name.string)")))
      }
      return .object(members)
    }

    /// Gives each part what there is room for: first what is no list, the shortest first, then the lists' elements in turn.
    mutating func share(_ limit: Int) {
      let whole = parts.reduce(frame) { $0 + $1.length }
      if whole <= limit {
        for index in parts.indices { parts[index].shown = parts[index].texts.count }
        return
      }
      // What is left out has to be named, so each part that is not whole takes some room too.
      var room = limit - frame - Self.leftOutFrame - parts.reduce(0) { $0 + $1.mention }
      let single = parts.indices.filter { !parts[$0].isList }.sorted { parts[$0].length < parts[$1].length }
      for index in single where parts[index].length <= room + parts[index].mention {
        room += parts[index].mention - parts[index].length
        parts[index].shown = 1
      }
      var open = parts.indices.filter { parts[$0].isList }
      while !open.isEmpty {
        open.removeAll { index in
          let part = parts[index]
          guard !part.isWhole, part.texts[part.shown].count < room else { return true }
          room -= part.texts[part.shown].count + 1
          parts[index].shown += 1
          return false
        }
      }
    }

    /// The bytes of the member `left_out` without its members.
    private static let leftOutFrame = #","left_out":{}"#.utf8.count

    /// Writes members, without those that do not fit.
    func write(_ members: [(name: String, place: Place)], to json: inout JSONWriter) {
      for (name, place) in members {
        switch place {
        case .object(let inner): json.object(named: name) { write(inner, to: &$0) }
        case .part(let index):
          let part = parts[index]
          if part.isList {
            json.member(named: name) { json in json.array { json in for text in part.texts.prefix(part.shown) { json.raw(text) } } }
          } else if part.isWhole {
            json.member(named: name, raw: part.texts[0])
          }
        }
      }
    }

    /// Writes the member `left_out`, if anything is.
    func writeLeftOut(to json: inout JSONWriter) {
      guard parts.contains(where: { !$0.isWhole }) else { return }
      json.object("left_out") { json in
        for part in parts where !part.isWhole {
          if part.isList { json.member(named: part.path, part.texts.count - part.shown) } else { json.member(named: part.path, true) }
        }
      }
    }
  }

  private static func compact(_ value: JSONValue, _ choice: MemberChoice, _ schemas: [Schema]) -> [UInt8] {
    var json = JSONWriter(capacity: 64)
    write(value, choice, schemas, to: &json)
    return json.bytes
  }

  private static func write(_ value: JSONValue, _ choice: MemberChoice, _ schemas: [Schema], to json: inout JSONWriter) {
    switch value.kind {
    case .object:
      let objects = schemas.flatMap(\.objects)
      json.object { json in
        for (name, member) in value.members {
          guard let inner = choice.among(name), let schemas = Self.schemas(of: name, member, in: objects) else { continue }
          json.member(name) { write(member, inner, schemas, to: &$0) }
        }
      }
    case .array:
      let elements = schemas.flatMap(\.elements)
      json.array { json in for element in value.elements { write(element, choice, elements, to: &json) } }
    case .number where value.integer == nil && schemas.contains(where: \.isNumber):
      json.number(Rounding.decimals(3, of: value.number ?? 0))
    default: json.copy(value)
    }
  }

  /// What a member may be; nil if it is left out, since it is declared and null.
  private static func schemas(of name: JSONText, _ member: JSONValue, in objects: [ObjectSchema]) -> [Schema]? {
    let found = objects.compactMap { object in object.properties.first { name.matches($0.name) }?.schema }
    return member.isNull && !found.isEmpty ? nil : found
  }
}

extension Schema {
  /// The declared objects that a value may be.
  fileprivate var objects: [ObjectSchema] {
    switch self {
    case .object(let object): [object]
    case .either(let kinds): kinds.flatMap(\.objects)
    default: []
    }
  }

  /// What the elements of a list may be.
  fileprivate var elements: [Schema] {
    switch self {
    case .list(let element, _): [element]
    case .either(let kinds): kinds.flatMap(\.elements)
    default: []
    }
  }

  /// Whether a value may be a number with a fraction.
  fileprivate var isNumber: Bool {
    switch self {
    case .number: true
    case .either(let kinds): kinds.contains(where: \.isNumber)
    default: false
    }
  }
}
