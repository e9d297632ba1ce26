import JSON

extension FuzzTarget {
  /// Any text is refused or read whole, and what was read is written so that it reads back as the same.
  static let json = FuzzTarget(name: "json") {
    try Recordings.callbacks().prefix(60).map(\.body) + Recordings.events().prefix(20)
      + [
        #"{"a":[1,-0,0.1,1e308,-9223372036854775808,18446744073709551615,"\u0000\ud83d\ude00",true,false,null,{},[]],"a":1}"#,
        #"{"entries":[{"entryId":"1","event":1e999},{"entryId":"2","event":"\"}"#, "[0.001,0.123,1.5e-7,123456.789,9007199254740993]",
      ].map { Array($0.utf8) }
  } run: { bytes throws(Broken) in
    try extents(bytes)
    guard let first = copied(bytes) else { return }
    guard let second = copied(first.text) else { throw Broken(description: "what was written is not JSON: \(first)") }
    try Broken.unless(first.text == second.text, "what was written is read as another value: \(first) and \(second)")
    try Broken.unless(first.shape == second.shape, "what was written has another shape: \(first) and \(second)")
    try Broken.unless(first.text.count <= first.bound, "\(first.text.count) bytes are written, at most \(first.bound) were foretold")
  }

  private struct Copied {
    var text: [UInt8]
    var bound: Int
    var shape: [String]
  }

  private static func copied(_ bytes: [UInt8]) -> Copied? {
    try? JSONDocument.parse(bytes) { root in
      var writer = JSONWriter()
      writer.copy(root)
      var shape: [String] = []
      walk(root, into: &shape)
      return Copied(text: writer.bytes, bound: root.lengthBound, shape: shape)
    }
  }

  /// Calls every accessor of a value and of all its content.
  private static func walk(_ value: JSONValue, into shape: inout [String]) {
    shape.append("\(value.kind) \(value.isNull) \(value.boolean.map { "\($0)" } ?? "-") \(value.string ?? "-")")
    // A number is reported by both of its readings, so that no digit gets lost.
    if let number = value.number { shape.append("\(number.bitPattern == (-0.0).bitPattern ? 0 : number) \(value.integer ?? 0)") }
    for (name, member) in value.members {
      shape.append(name.string)
      _ = value[named: name.string]?.kind
      walk(member, into: &shape)
    }
    for element in value.elements { walk(element, into: &shape) }
  }

  /// Extents are in order within the text; if the text is JSON, they are the elements and members that the parser finds.
  private static func extents(_ bytes: [UInt8]) throws(Broken) {
    let (elements, member) = bytes.withUnsafeBytes { bytes in
      (JSONExtent.elements(in: bytes, 0..<bytes.count), JSONExtent.member("entries", in: bytes, 0..<bytes.count))
    }
    var position = 0
    for extent in elements + (member.map { [$0] } ?? []) {
      if extent != member {
        try Broken.unless(extent.lowerBound >= position, "elements overlap")
        position = extent.upperBound
      }
      try Broken.unless(!extent.isEmpty && extent.upperBound <= bytes.count, "an extent leaves the text")
    }
    let read = try? JSONDocument.parse(bytes) { root in (root.elements.map(written), root["entries"] != nil) }
    guard let read else { return }
    let found = elements.map { Array(bytes[$0]) }.map { try? JSONDocument.parse($0, written) }
    try Broken.unless(found == read.0, "elements are found elsewhere than the parser finds them")
    guard let member else { return }
    try Broken.unless(read.1 && (try? JSONDocument.parse(Array(bytes[member]), written)) != nil, "a member is found where none is")
  }

  private static func written(_ value: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    writer.copy(value)
    return writer.bytes
  }
}
