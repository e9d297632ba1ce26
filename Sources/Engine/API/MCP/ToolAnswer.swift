internal import JSON
internal import MasteryCore

/// An answer as a model is given it, in few tokens: nulls are left out, numbers have three decimals at the most, long lists are cut.
struct ToolAnswer {
  /// Maximum bytes of an answer whose members nobody chose.
  ///
  /// It is sent twice, once as text: both together have under 2,000 tokens.
  static let shortLength = 2_200
  /// Maximum bytes of an answer whose members were chosen.
  static let longLength = 64 << 10

  /// The JSON text.
  let json: [UInt8]

  /// Shortens an answer.
  ///
  /// What does not fit is named in the member `left_out`, as `a.b` where it is a member of a member: of a list with the number of its
  /// elements, of anything else with true.
  ///
  /// - Parameters:
  ///   - data: The JSON text of the answer's `data`, an object.
  ///   - choice: The wanted members.
  init(_ data: [UInt8], _ choice: MemberChoice) {
    var plan = Plan()
    let whole = try? JSONDocument.parse(data) { (root) throws(Never) in plan.take(root, choice, at: "") }
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
  }

  /// What is shown of an answer.
  private struct Plan {
    private var parts: [Part] = []
    /// The bytes of what stands around the parts: names with their quotes and colons, commas, brackets.
    private var frame = 2

    /// Takes in a value of the answer; lists within lists are part of their elements.
    mutating func take(_ value: JSONValue, _ choice: MemberChoice, at path: String) -> Place {
      guard value.kind == .object else {
        let values = value.kind == .array ? Array(value.elements) : [value]
        parts.append(Part(path: path, texts: values.map { ToolAnswer.compact($0, choice) }, isList: value.kind == .array))
        return .part(parts.count - 1)
      }
      var members: [(name: String, place: Place)] = []
      for (name, member) in value.members where !member.isNull {
        guard let inner = choice.among(name) else { continue }
        frame += name.count + 6
        members.append((name.string, take(member, inner, at: path.isEmpty ? name.string : "\(path).\(name.string)")))
      }
      return .object(members)
    }

    /// Gives each part what there is room for: first what is no list, the shortest first, then the lists' elements in turn.
    mutating func share(_ limit: Int) {
      var room = limit - frame
      let single = parts.indices.filter { !parts[$0].isList }.sorted { parts[$0].texts[0].count < parts[$1].texts[0].count }
      for index in single where parts[index].texts[0].count <= room {
        room -= parts[index].texts[0].count
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

  private static func compact(_ value: JSONValue, _ choice: MemberChoice) -> [UInt8] {
    var json = JSONWriter(capacity: 64)
    write(value, choice, to: &json)
    return json.bytes
  }

  private static func write(_ value: JSONValue, _ choice: MemberChoice, to json: inout JSONWriter) {
    switch value.kind {
    case .object:
      json.object { json in
        for (name, member) in value.members where !member.isNull {
          guard let inner = choice.among(name) else { continue }
          json.member(name) { write(member, inner, to: &$0) }
        }
      }
    case .array: json.array { json in for element in value.elements { write(element, choice, to: &json) } }
    case .number where value.integer == nil: json.number(Rounding.decimals(3, of: value.number ?? 0))
    default: json.copy(value)
    }
  }
}
