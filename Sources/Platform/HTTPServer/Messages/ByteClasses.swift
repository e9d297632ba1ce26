/// The classes of bytes in the grammars of RFC 9110 and RFC 3986.
extension UInt8 {
  static let space: UInt8 = 0x20
  static let tab: UInt8 = 0x09
  static let carriageReturn: UInt8 = 0x0D
  static let lineFeed: UInt8 = 0x0A

  /// Whether the byte is allowed in a method or a header's name (RFC 9110, 5.6.2: tchar).
  var isTokenByte: Bool { ByteClasses.table[Int(self)] & ByteClasses.token != 0 }

  /// Whether the byte is allowed in a target's path or query (RFC 3986, 3.3 and 3.4), including the percent sign.
  var isTargetByte: Bool { ByteClasses.table[Int(self)] & ByteClasses.target != 0 }

  /// Whether the byte is allowed in a registered name (RFC 3986, 3.2.2), including the percent sign.
  var isHostByte: Bool { ByteClasses.table[Int(self)] & ByteClasses.host != 0 }

  /// Whether the byte is a decimal digit.
  var isDigit: Bool { (0x30...0x39).contains(self) }

  /// The value of a hexadecimal digit; nil if the byte is not one.
  var hexadecimal: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x37
    case 0x61...0x66: self - 0x57
    default: nil
    }
  }

  /// Whether the byte is a space or a tab.
  var isBlank: Bool { self == .space || self == .tab }
}

private enum ByteClasses {
  static let token: UInt8 = 1
  static let target: UInt8 = 2
  static let host: UInt8 = 4

  static let table: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 256)
    let alphanumerics = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    for byte in alphanumerics { table[Int(byte)] = token | target | host }
    for byte in "!#$%&'*+-.^_`|~".utf8 { table[Int(byte)] |= token }
    for byte in "-._~!$&'()*+,;=%".utf8 { table[Int(byte)] |= target | host }
    for byte in ":@/?".utf8 { table[Int(byte)] |= target }
    return table
  }()
}
