extension FramingCase {
  /// Lengths (RFC 9112, 6.2 and 6.3).
  static let lengths: [Self] = [
    Self("a length", sized("4", "body"), .read(["POST / body"])),
    Self("a length of nothing", sized("0", ""), .read(["POST / "])),
    Self("a length with zeros in front", sized("0004", "body"), .read(["POST / body"])),
    Self("a length in blanks", sized(" \t4\t ", "body"), .read(["POST / body"])),
    Self("a length given twice alike", sized("4", "body", "Content-Length: 4\r\n"), .read(["POST / body"])),
    Self("two lengths that differ", sized("4", "body!", "Content-Length: 5\r\n"), .refused(400)),
    Self("two lengths, the first empty", sized("", "body", "Content-Length: 4\r\n"), .refused(400)),
    Self("a list of lengths", sized("4, 4", "body"), .refused(400)),
    Self("a length with a sign", sized("+4", "body"), .refused(400)),
    Self("a length below zero", sized("-1", ""), .refused(400)),
    Self("a length in base 16", sized("0x4", "body"), .refused(400)),
    Self("a length with a point", sized("4.0", "body"), .refused(400)),
    Self("a length with an exponent", sized("4e0", "body"), .refused(400)),
    Self("a length with a space within", sized("1 0", "body"), .refused(400)),
    Self("a length with a line", sized("1_0", "body"), .refused(400)),
    Self("a length of letters", sized("four", "body"), .refused(400)),
    Self("an empty length", sized("", "body"), .refused(400)),
    Self("a length with NUL behind", sized("4\u{0}", "body"), .refused(400)),
    Self("a length in digits of another script", sized("\u{664}", "body"), .refused(400)),
    Self("a length beyond 64 bits", sized("18446744073709551616", "body"), .refused(413)),
    Self("a length far beyond 64 bits", sized(String(repeating: "9", count: 400), "body"), .refused(413)),
    Self("a length beyond what is taken", sized("1048577", "body"), .refused(413)),
    Self("a length with its name in capitals", "POST / HTTP/1.1\r\nHost: h\r\nCONTENT-LENGTH: 4\r\n\r\nbody", .read(["POST / body"])),
    Self("a length hidden by a space", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 4\r\n\r\nbody", .refused(400)),
    Self("a name that only looks like a length", get("Content_Length: 4\r\n"), .read(["GET / "])),
    Self("a body that a GET has", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody", .read(["GET / body"])),
    Self("a body that holds a request", sized("23", "GET /hidden HTTP/1.1\r\n\r"), .read(["POST / GET /hidden HTTP/1.1\r\n\r"])),
    Self("a length in HTTP/1.0", "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody", .read(["POST / body"])),
  ]

  /// Transfer codings (RFC 9112, 6.1).
  static let codings: [Self] = [
    Self("chunks", chunked("4\r\nbody\r\n0\r\n\r\n"), .read(["POST / body"])),
    Self(
      "the coding in capitals", "POST / HTTP/1.1\r\nHost: h\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n0\r\n\r\n", .read(["POST / "])),
    Self("a length beside a coding", chunked("0\r\n\r\n", "Content-Length: 4\r\n"), .refused(400)),
    Self("a length of nothing beside a coding", chunked("0\r\n\r\n", "Content-Length: 0\r\n"), .refused(400)),
    Self("a length before a coding", sized("4", "0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), .refused(400)),
    Self("a coding given twice", chunked("0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), .refused(400)),
    Self("a coding behind another line of its name", chunked("0\r\n\r\n", "Transfer-Encoding: identity\r\n"), .refused(400)),
    Self("a coding given twice in one line", coded("chunked, chunked"), .refused(400)),
    Self("a coding before chunked", coded("gzip, chunked"), .refused(400)),
    Self("a coding behind chunked", coded("chunked, gzip"), .refused(400)),
    Self("an unknown coding", coded("gzip"), .refused(400)),
    Self("identity", coded("identity"), .refused(400)),
    Self("an empty coding", coded(""), .refused(400)),
    Self("a coding with a comma behind", coded("chunked,"), .refused(400)),
    Self("a coding with a comma in front", coded(",chunked"), .refused(400)),
    Self("a coding with a parameter", coded("chunked;q=1"), .refused(400)),
    Self("a coding in quotes", coded("\"chunked\""), .refused(400)),
    Self("a coding with a vertical tab", coded("\u{B}chunked"), .refused(400)),
    Self("a coding that only begins so", coded("chunkedx"), .refused(400)),
    Self("a coding hidden by a space", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", .refused(400)),
    Self("a coding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .refused(400)),
    Self("a name that only looks like a coding", get("Transfer_Encoding: chunked\r\n"), .read(["GET / "])),
  ]

  private static func coded(_ coding: String) -> String {
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n"
  }

  /// Chunks (RFC 9112, 7.1).
  static let chunks: [Self] = [
    Self("no chunk but the last", chunked("0\r\n\r\n"), .read(["POST / "])),
    Self("a last chunk of many zeros", chunked("1\r\na\r\n000\r\n\r\n"), .read(["POST / a"])),
    Self("a size with zeros in front", chunked("00004\r\nbody\r\n0\r\n\r\n"), .read(["POST / body"])),
    Self(
      "a size in letters, small and large", chunked("a\r\n0123456789\r\nA\r\n9876543210\r\n0\r\n\r\n"),
      .read(["POST / 01234567899876543210"])),
    Self("a chunk of line ends", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), .read(["POST / \r\n\r\n"])),
    Self("an extension", chunked("4;a=b\r\nbody\r\n0\r\n\r\n"), .read(["POST / body"])),
    Self("an extension without a value", chunked("4;a\r\nbody\r\n0;b\r\n\r\n"), .read(["POST / body"])),
    Self("extensions with blanks", chunked("4 ; a = b ;c\r\nbody\r\n0\r\n\r\n"), .read(["POST / body"])),
    Self("an extension in quotes", chunked("4;a=\"b;\\\" c\"\r\nbody\r\n0\r\n\r\n"), .read(["POST / body"])),
    Self("an extension in quotes that do not end", chunked("4;a=\"b\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an extension without a name", chunked("4;\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an extension without a semicolon", chunked("4 a\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an extension without a value behind its sign", chunked("4;a=\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an extension that ends in a bare line feed", chunked("4;a\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an extension with a bare carriage return", chunked("4;a\rb\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an extension with NUL", chunked("4;a\u{0}\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an extension without an end", chunked("4;\(String(repeating: "a", count: 5_000))\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self(
      "extensions without an end", chunked(String(repeating: "1;\(String(repeating: "a", count: 500))\r\nb\r\n", count: 40) + "0\r\n\r\n"),
      .refused(400)),
    Self("a size that ends in a bare line feed", chunked("4\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size that ends in a bare carriage return", chunked("4\rbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a chunk that ends in a bare line feed", chunked("4\r\nbody\n0\r\n\r\n"), .refused(400)),
    Self("a chunk that ends in a bare carriage return", chunked("4\r\nbody\r0\r\n\r\n"), .refused(400)),
    Self("a last chunk that ends in a bare line feed", chunked("4\r\nbody\r\n0\n\r\n"), .refused(400)),
    Self("a body that ends in a bare line feed", chunked("4\r\nbody\r\n0\r\n\n"), .refused(400)),
    Self("a chunk longer than said", chunked("2\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a chunk shorter than said", chunked("5\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size with a space in front", chunked(" 4\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size with a space behind", chunked("4 \r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size with a sign", chunked("+4\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size below zero", chunked("-4\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size with a prefix", chunked("0x4\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size with a line", chunked("0_4\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size of no digits", chunked("g\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("an empty size", chunked("\r\nbody\r\n0\r\n\r\n"), .refused(400)),
    Self("a size beyond 64 bits", chunked("10000000000000004\r\nbody\r\n0\r\n\r\n"), .refused(413)),
    Self("a size of 64 bits", chunked("ffffffffffffffff\r\nbody\r\n0\r\n\r\n"), .refused(413)),
    Self("a trailer", chunked("4\r\nbody\r\n0\r\nX: a\r\n\r\n"), .read(["POST / body"])),
    Self("a trailer that frames, which is thrown away", chunked("4\r\nbody\r\n0\r\nContent-Length: 9\r\n\r\n"), .read(["POST / body"])),
    Self("a trailer without a colon", chunked("4\r\nbody\r\n0\r\nX\r\n\r\n"), .refused(400)),
    Self("a folded trailer", chunked("4\r\nbody\r\n0\r\nX: a\r\n b\r\n\r\n"), .refused(400)),
    Self("a trailer with NUL", chunked("4\r\nbody\r\n0\r\nX: \u{0}\r\n\r\n"), .refused(400)),
    Self("a trailer with a space before its colon", chunked("4\r\nbody\r\n0\r\nX : a\r\n\r\n"), .refused(400)),
    Self("a trailer that ends in a bare line feed", chunked("4\r\nbody\r\n0\r\nX: a\n\r\n"), .refused(400)),
    Self(
      "trailers without an end", chunked("0\r\n" + String(repeating: "X: \(String(repeating: "a", count: 900))\r\n", count: 20)),
      .refused(400)),
  ]

  /// Requests one behind the other (RFC 9112, 9.3).
  static let sequences: [Self] = [
    Self("two requests", get() + get(line: "GET /b HTTP/1.1"), .read(["GET / ", "GET /b "])),
    Self("a request behind a body", sized("4", "body") + get(), .read(["POST / body", "GET / "])),
    Self("a request behind chunks", chunked("1\r\na\r\n0\r\n\r\n") + get(), .read(["POST / a", "GET / "])),
    Self("an empty line behind a body", sized("4", "body\r\n") + get(), .read(["POST / body", "GET / "])),
    Self("three requests, the second with chunks", get() + chunked("0\r\n\r\n") + get(), .read(["GET / ", "POST / ", "GET / "])),
    Self("the body of a HEAD", "HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na", .read(["HEAD / a"])),
  ]
}
