/// What microhttpd lets through although two readers could frame it differently, so that one could hide a request from the other.
enum Framing {
  /// Why the request must be refused; nil when its framing is plain.
  ///
  /// RFC 9112, 6.1 to 6.3: no transfer coding beside a length, no two lengths that differ, no coding but `chunked`; 5.1: no space
  /// between a header's name and its colon; 3.2: one Host.
  static func fault(in fields: [HTTPField]) -> String? {
    var length: String?
    var codings = 0
    var hosts = 0
    for field in fields {
      if field.name.utf8.last.map({ $0 <= 0x20 }) ?? true { return "a header name ends in a space" }
      if field.name.equalsIgnoringCase("host") {
        hosts += 1
        if hosts > 1 { return "Host is given twice" }
      } else if field.name.equalsIgnoringCase("content-length") {
        if let length, length != field.value { return "two Content-Length headers differ" }
        if field.value.isEmpty || !field.value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return "Content-Length is no number" }
        length = field.value
      } else if field.name.equalsIgnoringCase("transfer-encoding") {
        codings += 1
        if !field.value.equalsIgnoringCase("chunked") { return "the transfer coding is not chunked" }
      }
    }
    if codings > 1 { return "Transfer-Encoding is given twice" }
    if codings == 1, length != nil { return "Transfer-Encoding stands beside Content-Length" }
    return nil
  }
}
