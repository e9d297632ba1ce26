/// A field of a component file: its value, and its name for errors.
struct ComponentField {
  let file: String
  let path: String
  let node: YAMLNode?

  /// The field with that name below this one, whether it exists or not.
  subscript(_ name: String) -> ComponentField {
    ComponentField(file: file, path: path.isEmpty ? name : "\(path).\(name)", node: node?[name])
  }

  /// The fields below this one by their names.
  var members: [(name: String, field: ComponentField)] {
    (node?.members ?? []).map { ($0.name, self[$0.name]) }
  }

  func wrong(_ reason: String) -> DevSidecarFailure {
    .component(file: file, field: path.isEmpty ? "the file" : path, reason: reason)
  }

  /// The failure that says what the field must be, and what it is instead.
  func mustBe(_ constraint: String) -> DevSidecarFailure {
    let found =
      switch node {
      case .some(.scalar(let text)): text.isEmpty ? "nothing" : text
      case .some(.sequence): "a list"
      case .some(.mapping): "a mapping"
      case .none: "nothing"
      }
    return wrong("must be \(constraint), got \(found)")
  }

  /// The text of this field, which is required.
  func text() throws(DevSidecarFailure) -> String {
    guard let text = node?.text, !text.isEmpty else { throw node == nil ? wrong("is required") : mustBe("text") }
    return text
  }

  /// A whole number, if there is one.
  func integer() throws(DevSidecarFailure) -> Int? {
    guard let node else { return nil }
    guard let value = node.text.flatMap({ Int($0) }) else { throw mustBe("a whole number") }
    return value
  }

  /// True or false, if given.
  func boolean() throws(DevSidecarFailure) -> Bool? {
    switch node?.text {
    case nil where node == nil: nil
    case "true": true
    case "false": false
    default: throw mustBe("true or false")
    }
  }

  /// A duration as Go writes it (`1m30s`, `200ms`), in milliseconds, if given.
  func duration() throws(DevSidecarFailure) -> Int64? {
    guard let node else { return nil }
    guard let text = node.text, let value = Self.milliseconds(text) else { throw mustBe("a duration like 200ms, 15s or 1m30s") }
    return value
  }

  /// Reads a duration; one over thirty years is invalid, so that times stay far from overflowing.
  static func milliseconds(_ text: String) -> Int64? {
    var rest = text[...]
    var sum = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      guard let number = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      switch unit {
      case "h": sum += number * 3_600_000
      case "m": sum += number * 60_000
      case "s": sum += number * 1000
      case "ms": sum += number
      case "us", "µs": sum += number / 1000
      case "ns": sum += number / 1_000_000
      default: return nil
      }
    }
    return sum <= 1e12 ? Int64(sum) : nil
  }
}
