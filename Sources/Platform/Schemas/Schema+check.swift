public import JSON

extension Schema {
  /// What is wrong with a value by this schema.
  ///
  /// Formats are not checked.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - path: The name of the value in sentences.
  /// - Returns: A sentence for each fault, `path must be …, got …`; empty if there is none.
  public func faults(in value: JSONValue, at path: String = "value") -> [String] {
    switch self {
    case .boolean: value.kind == .boolean ? [] : [Self.fault(path, "true or false", value)]
    case .integer(let range):
      if let number = value.integer, range?.contains(number) ?? true {
        []
      } else {
        [Self.fault(path, "a whole number\(range.map { Self.bounds($0, isOpen: $0.upperBound == .max) } ?? "")", value)]
      }
    case .number(let range):
      if let number = value.number, range?.contains(number) ?? true {
        []
      } else {
        [Self.fault(path, "a number\(range.map { Self.bounds($0, isOpen: !$0.upperBound.isFinite) } ?? "")", value)]
      }
    case .text(let form): form.faults(in: value, at: path)
    case .word(let words):
      if let text = value.string, words.contains(text) { [] } else { [Self.fault(path, "one of \(words.joined(separator: ", "))", value)] }
    case .list(let element, let count): Self.faults(ofList: value, element, count, at: path)
    case .object(let object): object.faults(in: value, at: path)
    case .map(let member):
      if value.kind == .object {
        value.members.flatMap { member.faults(in: $0.value, at: "\(path).\($0.key.string)") }
      } else {
        [Self.fault(path, "an object", value)]
      }
    case .either(let kinds): Self.faults(ofEither: kinds, value, at: path)
    case .null: value.isNull ? [] : [Self.fault(path, "null", value)]
    case .anything: []
    }
  }

  /// Bounds in words, written as in JSON.
  private static func bounds<Number: JSONWritable>(_ range: ClosedRange<Number>, isOpen: Bool) -> String {
    func text(_ bound: Number) -> String {
      var json = JSONWriter()
      bound.write(to: &json)
      return json.text
    }
    return isOpen ? " of at least \(text(range.lowerBound))" : " from \(text(range.lowerBound)) to \(text(range.upperBound))"
  }

  fileprivate static func fault(_ path: String, _ constraint: String, _ value: JSONValue) -> String {
    "\(path) must be \(constraint), got \(value.compactText.prefix(100))"
  }

  private static func faults(ofList value: JSONValue, _ element: Schema, _ count: ClosedRange<Int>?, at path: String) -> [String] {
    guard value.kind == .array else { return [fault(path, "a list", value)] }
    var (faults, number): ([String], Int) = ([], 0)
    for member in value.elements {
      faults += element.faults(in: member, at: "\(path)[\(number)]")
      number += 1
    }
    if let count, !count.contains(number) {
      faults.append("\(path) must be a list of \(count.lowerBound) to \(count.upperBound) elements, got \(number)")
    }
    return faults
  }

  /// The faults by the kind that fits best: the one with the fewest, of those the first.
  private static func faults(ofEither kinds: [Schema], _ value: JSONValue, at path: String) -> [String] {
    kinds.map { $0.faults(in: value, at: path) }.min { $0.count < $1.count } ?? []
  }
}

extension TextForm {
  fileprivate func faults(in value: JSONValue, at path: String) -> [String] {
    guard let text = value.string else { return [Schema.fault(path, "text", value)] }
    if let length, !length.contains(text.unicodeScalars.count) {
      return [Schema.fault(path, "text of \(length.lowerBound) to \(length.upperBound) characters", value)]
    }
    switch format {
    case "date" where !InternetDate.isDate(text): return [Schema.fault(path, "a date like 2026-03-15", value)]
    case "date-time" where !InternetDate.isDateTime(text): return [Schema.fault(path, "a time like 2026-03-15T12:00:00Z", value)]
    default: break
    }
    if let pattern {
      guard let expression = try? Regex(pattern) else { return ["\(path) has a pattern that cannot be read: \(pattern)"] }
      guard (try? expression.firstMatch(in: text)) != nil else { return [Schema.fault(path, "text like \(pattern)", value)] }
    }
    return []
  }
}

extension ObjectSchema {
  fileprivate func faults(in value: JSONValue, at path: String) -> [String] {
    guard value.kind == .object else { return [Schema.fault(path, "an object", value)] }
    var faults: [String] = []
    var found: Set<String> = []
    for (key, member) in value.members {
      let name = key.string
      if !found.insert(name).inserted { faults.append("\(path).\(name) must be given once, got it again") }
      if let property = self[name] {
        faults += property.schema.faults(in: member, at: "\(path).\(name)")
      } else if !isOpen {
        faults.append("\(path) must be without other members, got \(name)")
      }
    }
    for name in required where !found.contains(name) { faults.append("\(path) must be an object with \(name), got none") }
    if !oneOf.isEmpty, !oneOf.contains(where: found.contains) {
      faults.append("\(path) must be an object with one of \(oneOf.joined(separator: ", ")), got none")
    }
    return faults
  }

  /// The same, without any other member, in it and in the objects of its members: for checks of what is written.
  public var closed: Self {
    var object = Self(
      name, meaning, isOpen: false, properties.map { Property($0.name, $0.schema.closed, $0.meaning, isRequired: $0.isRequired) })
    object.oneOf = oneOf
    return object
  }
}

extension Schema {
  /// The same, with closed objects; an object without declared members stays open.
  public var closed: Self {
    switch self {
    case .object(let object): object.properties.isEmpty ? self : .object(object.closed)
    case .list(let element, let count): .list(element.closed, count: count)
    case .map(let value): .map(value.closed)
    case .either(let kinds): .either(kinds.map(\.closed))
    case .boolean, .integer, .number, .text, .word, .null, .anything: self
    }
  }
}
