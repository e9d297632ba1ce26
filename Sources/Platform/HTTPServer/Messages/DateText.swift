internal import Glibc

/// The time as HTTP writes it (RFC 9110, 5.6.7), formatted once a second.
struct DateText {
  private var second: time_t = -1
  private var text: [UInt8] = []

  /// The time now.
  mutating func now() -> [UInt8] {
    var now = time(nil)
    guard now != second else { return text }
    var parts = tm()
    gmtime_r(&now, &parts)
    let written = [CChar](unsafeUninitializedCapacity: 64) { buffer, count in
      count = strftime(buffer.baseAddress, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    }
    (second, text) = (now, written.map(UInt8.init(bitPattern:)))
    return text
  }
}
