internal import CMicrohttpd
internal import CMicrohttpdAnswers
internal import Glibc

/// Has the application word what microhttpd would answer by itself, as it words all other refusals.
enum LibraryAnswers {
  /// Done once a process, before the first daemon starts.
  static let areReplaced: Void = microhttpd_answer_by(answerUnreadable)

  /// Queues an answer of this program's own.
  static func queue(_ response: OpaquePointer, status: Int, to connection: OpaquePointer) -> MHD_Result {
    let isQueued = microhttpd_queue(UnsafeMutableRawPointer(connection), UInt32(status), UnsafeMutableRawPointer(response)) != 0
    return isQueued ? shim_mhd_yes : shim_mhd_no
  }

  /// An answer as it goes over the wire, after which the connection closes.
  fileprivate static func bytes(of response: HTTPResponse) -> [UInt8] {
    let reason = shim_mhd_reason(UInt32(response.status)).map { String(cString: $0) } ?? ""
    var head = "HTTP/1.1 \(response.status) \(reason)\r\nDate: \(date())\r\nConnection: close\r\n"
    for field in response.fields where !field.value.isEmpty { head += "\(field.name): \(field.value)\r\n" }
    return Array("\(head)Content-Length: \(response.body.count)\r\n\r\n".utf8) + response.body
  }

  /// The time as HTTP writes it (RFC 9110, 5.6.7).
  private static func date() -> String {
    var (now, parts) = (time(nil), tm())
    gmtime_r(&now, &parts)
    let text = [CChar](unsafeUninitializedCapacity: 64) { buffer, count in
      count = strftime(buffer.baseAddress, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    }
    return String(decoding: text.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Answers a request that microhttpd could not read, on the thread of its connection.
private func answerUnreadable(_ connection: UnsafeMutableRawPointer?, _ status: UInt32) -> Int32 {
  guard let connection, let door = Peer.of(OpaquePointer(connection))?.door else { return 0 }
  let handle = OpaquePointer(connection)
  // Of a head that was not read to its end only the headers up to there are known.
  let head = HTTPRequestHead(method: "", target: "", fields: readFields(of: handle))
  let bytes = LibraryAnswers.bytes(of: door.application.refuse(.unreadable(status: Int(status)), head))
  // More may still be on its way from the sender, who is to read the answer all the same.
  door.watch.linger(shim_mhd_socket(handle))
  bytes.withUnsafeBytes { microhttpd_write(connection, $0.baseAddress, $0.count) }
  return 1
}
