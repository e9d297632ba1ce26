/// The letters that mark the words of simdjson's tape.
@usableFromInline
enum Tag {
  @usableFromInline static let object = UInt8(ascii: "{")
  @usableFromInline static let array = UInt8(ascii: "[")
  @usableFromInline static let string = UInt8(ascii: "\"")
  @usableFromInline static let signed = UInt8(ascii: "l")
  @usableFromInline static let unsigned = UInt8(ascii: "u")
  @usableFromInline static let double = UInt8(ascii: "d")
  @usableFromInline static let `true` = UInt8(ascii: "t")
  @usableFromInline static let `false` = UInt8(ascii: "f")
  @usableFromInline static let null = UInt8(ascii: "n")
}
