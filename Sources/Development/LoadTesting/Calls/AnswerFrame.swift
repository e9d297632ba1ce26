/// The frame of an answer of HTTP/1.1, read from the bytes that have come so far.
struct AnswerFrame: Hashable {
  /// What the bytes are.
  enum Reading: Hashable {
    /// More have to come.
    case incomplete
    /// One whole answer.
    case whole(AnswerFrame)
    /// No answer that states its status and its length.
    case broken
  }

  /// Most bytes of status line and headers.
  private static let headLimit = 64 << 10

  let status: Int
  /// Whether it says when to come again.
  var hasRetryAfter = false
  /// Whether the connection closes after it.
  var closes = false
  private var length: Int?

  /// Reads bytes.
  static func read(_ bytes: [UInt8]) -> Reading {
    guard let end = endOfHead(bytes) else { return bytes.count > headLimit ? .broken : .incomplete }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    guard let first = lines.first, var frame = AnswerFrame(first) else { return .broken }
    for line in lines.dropFirst() { frame.take(line) }
    guard let length = frame.length else { return .broken }
    return bytes.count >= end + 4 + length ? .whole(frame) : .incomplete
  }

  private init?(_ line: Substring) {
    let words = line.split(separator: " ")
    guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), (100...599).contains(status) else { return nil }
    self.status = status
  }

  private mutating func take(_ line: Substring) {
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...].drop { $0 == " " }
    switch line[..<colon].lowercased() {
    case "content-length": length = Int(value).flatMap { $0 >= 0 ? $0 : nil }
    case "retry-after": hasRetryAfter = !value.isEmpty
    case "connection": closes = value.lowercased() == "close"
    default: return
    }
  }

  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in 0...(min(bytes.count, headLimit) - 4) where bytes[index] == 13 {
      if bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 { return index }
    }
    return nil
  }
}
