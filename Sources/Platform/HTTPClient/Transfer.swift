internal import CCurl

/// One request on its way: what is sent, what has come back, and who waits.
///
/// `@unchecked Sendable`: made by the caller, then touched by the client's thread alone.
final class Transfer: @unchecked Sendable {
  let call: HTTPCall
  /// When the deadline passes, counted from the call on, including the wait for a connection.
  let due: ContinuousClock.Instant
  private let finish: @Sendable (Result<HTTPAnswer, HTTPClientFailure>) -> Void
  private var answer = HTTPAnswer(status: 0)
  private var isHeadWhole = false
  private var headerList: UnsafeMutablePointer<curl_slist>?

  init(_ call: HTTPCall, finish: @escaping @Sendable (Result<HTTPAnswer, HTTPClientFailure>) -> Void) {
    self.call = call
    due = .now + .milliseconds(call.deadline)
    self.finish = finish
  }

  deinit { curl_slist_free_all(headerList) }

  /// Configures an easy handle that a reset has cleared; libcurl keeps a pointer to `self` and to the body.
  ///
  /// The caller keeps `self` alive until the handle is reset or gone.
  func prepare(_ easy: UnsafeMutableRawPointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = shim_curl_set_string(easy, CURLOPT_URL, call.url)
    _ = shim_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, call.method)
    _ = shim_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    _ = shim_curl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, ContinuousClock.now.milliseconds(to: due)))
    _ = shim_curl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
    _ = shim_curl_set_string(easy, CURLOPT_PROXY, "")
    _ = shim_curl_set_long(easy, CURLOPT_PROTOCOLS, Int(CURLPROTO_HTTP | CURLPROTO_HTTPS))
    _ = shim_curl_set_pointer(easy, CURLOPT_PRIVATE, context)
    _ = shim_curl_set_callback(easy, CURLOPT_WRITEFUNCTION, takeBody)
    _ = shim_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    _ = shim_curl_set_callback(easy, CURLOPT_HEADERFUNCTION, takeHeader)
    _ = shim_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    if !call.provesServer {
      for option in [CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST] { _ = shim_curl_set_long(easy, option, 0) }
    }
    if call.method == "HEAD" { _ = shim_curl_set_long(easy, CURLOPT_NOBODY, 1) }
    prepareBody(easy)
    prepareHeaders(easy)
  }

  private func prepareBody(_ easy: UnsafeMutableRawPointer) {
    guard let body = call.body ?? (call.method == "POST" || call.method == "PUT" ? [] : nil) else { return }
    _ = shim_curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
    // Copied by libcurl, so that no pointer outlives this call.
    body.withUnsafeBytes { bytes in
      let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      _ = start.map { shim_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0) } ?? shim_curl_set_string(easy, CURLOPT_COPYPOSTFIELDS, "")
    }
  }

  private func prepareHeaders(_ easy: UnsafeMutableRawPointer) {
    // Without this libcurl asks for a "100 Continue" before a larger body and waits a second for it.
    headerList = curl_slist_append(headerList, "Expect:")
    var hasType = false
    for (name, value) in call.headers {
      hasType = hasType || name.lowercased() == "content-type"
      headerList = curl_slist_append(headerList, value.isEmpty ? "\(name);" : "\(name): \(Self.oneLine(value))")
    }
    // libcurl would send a form's content type with every body.
    if !hasType { headerList = curl_slist_append(headerList, "Content-Type:") }
    _ = shim_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
  }

  /// A value with spaces in place of characters that would end its line (RFC 9110, 5.5), since libcurl sends lines as they are.
  private static func oneLine(_ value: String) -> String {
    let ends: (UInt8) -> Bool = { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
    guard value.utf8.contains(where: ends) else { return value }
    return String(decoding: value.utf8.map { ends($0) ? 0x20 : $0 }, as: UTF8.self)
  }

  /// Maximum bytes of an answer's body, far more than any store or engine sends: an endless one must not fill the memory.
  static let longestBody = 256 << 20

  /// Takes a part of the body; false if that is too much, or if it comes after the deadline, which libcurl does not look at while a body
  /// keeps coming.
  func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard answer.body.count + bytes.count <= Self.longestBody, ContinuousClock.now < due else { return false }
    answer.body.append(contentsOf: bytes)
    return true
  }

  /// Takes one header line; a status line restarts the answer, since "100 Continue" may come before the final one.
  func take(header line: UnsafeRawBufferPointer) {
    if line.starts(with: "HTTP/".utf8) {
      answer.headers.removeAll(keepingCapacity: true)
      isHeadWhole = false
      return
    }
    if line.first == 0x0D || line.first == 0x0A { isHeadWhole = true }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    let space: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
    let value = line[(colon + 1)...].drop(while: space)
    let end = value.lastIndex { !space($0) }.map { $0 + 1 } ?? value.startIndex
    let text = String(decoding: value[..<end], as: UTF8.self)
    // Reserves room at once for a body with a declared size, within reason, since the size is only the other side's claim.
    if name == "content-length", let size = Int(text), size > 0 { answer.body.reserveCapacity(min(size, 16 << 20)) }
    answer.headers.append((name, text))
  }

  /// Ends the transfer with libcurl's result.
  func finish(_ code: CURLcode, easy: UnsafeMutableRawPointer) {
    switch code {
    case CURLE_OK:
      var status = 0
      _ = shim_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
      // libcurl accepts a head that breaks off, and "100 Continue" without an answer behind it.
      guard isHeadWhole, status >= 200 else { return fail(.broken("the connection ended before the answer's head did")) }
      answer.status = status
      finish(.success(answer))
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST: fail(.unreachable(String(cString: curl_easy_strerror(code))))
    case CURLE_OPERATION_TIMEDOUT: fail(.timedOut)
    case CURLE_WRITE_ERROR where ContinuousClock.now >= due: fail(.timedOut)
    case CURLE_WRITE_ERROR: fail(.broken("the answer must have at most \(Self.longestBody) bytes"))
    default: fail(.broken(String(cString: curl_easy_strerror(code))))
    }
  }

  func fail(_ failure: HTTPClientFailure) {
    finish(.failure(failure))
  }
}

/// libcurl's write callback.
///
/// Its context is a `Transfer` that the thread keeps, passed unretained.
private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?) -> Int {
  guard let context, let bytes else { return 0 }
  let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().append(piece) ? size * count : 0
}

/// libcurl's header callback.
///
/// Its context is a `Transfer` that the thread keeps, passed unretained.
private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?) -> Int {
  guard let context, let bytes else { return 0 }
  Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    .take(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
  return size * count
}
