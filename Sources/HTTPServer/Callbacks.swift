internal import CMicrohttpd

// microhttpd's callbacks, called on its threads. The context is a `Door`, retained by `HTTPServer` until the daemons are stopped; the
// request's pointer is an `Exchange`, retained in `takeTarget` and released in `requestCompleted`.

private func door(_ context: UnsafeMutableRawPointer?) -> Door? {
  context.map { Unmanaged<Door>.fromOpaque($0).takeUnretainedValue() }
}

func takeTarget(
  _ context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let target, let connection else { return nil }
  return Unmanaged.passRetained(Exchange(target: String(cString: target), connection: connection)).toOpaque()
}

func takeRequest(
  _ context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?, method: UnsafePointer<CChar>?,
  version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?, uploadSize: UnsafeMutablePointer<Int>?,
  request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let door = door(context), let method, let uploadSize, let pointer = request?.pointee else { return shim_mhd_no }
  let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
  if exchange.head == nil { return door.begin(exchange, method: String(cString: method)) }
  if uploadSize.pointee > 0 {
    defer { uploadSize.pointee = 0 }
    return door.take(UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee), of: exchange)
  }
  return door.answer(exchange)
}

func requestCompleted(
  _ context: UnsafeMutableRawPointer?, connection: OpaquePointer?, request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  how: MHD_RequestTerminationCode
) {
  guard let door = door(context), let pointer = request?.pointee else { return }
  request?.pointee = nil
  door.end(Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue())
}

func connectionChanged(
  _ context: UnsafeMutableRawPointer?, connection: OpaquePointer?, socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  what: MHD_ConnectionNotificationCode
) {
  guard let door = door(context), let connection else { return }
  let socket = shim_mhd_socket(connection)
  if what == shim_mhd_started {
    let peer = Peer(door: door, isNeighbour: door.settings.isLoopbackNeighbour && Peer.isLoopback(socket))
    socketContext?.pointee = Unmanaged.passRetained(peer).toOpaque()
    door.watch.begin(socket, isNeighbour: peer.isNeighbour)
  } else {
    door.watch.forget(socket)
    door.connections.end()
    if let peer = socketContext?.pointee { Unmanaged<Peer>.fromOpaque(peer).release() }
    socketContext?.pointee = nil
  }
}

/// All headers of a request in order, also those that are given twice.
func readFields(of connection: OpaquePointer) -> [HTTPField] {
  var fields: [HTTPField] = []
  fields.reserveCapacity(12)
  withUnsafeMutablePointer(to: &fields) { fields in
    _ = shim_mhd_each(connection, shim_mhd_headers, takeField, fields)
  }
  return fields
}

private func takeField(
  _ context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, nameSize: Int, value: UnsafePointer<CChar>?,
  valueSize: Int
) -> MHD_Result {
  guard let context, let name else { return shim_mhd_no }
  var content = UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize)
  // microhttpd leaves the space behind a value.
  while let last = content.last, last == 0x20 || last == 0x09 { content = UnsafeRawBufferPointer(rebasing: content.dropLast()) }
  let field = HTTPField(
    String(decoding: UnsafeRawBufferPointer(start: name, count: nameSize), as: UTF8.self), String(decoding: content, as: UTF8.self))
  context.assumingMemoryBound(to: [HTTPField].self).pointee.append(field)
  return shim_mhd_yes
}

/// Queues an answer; microhttpd copies it.
func send(_ response: HTTPResponse, to connection: OpaquePointer) -> MHD_Result {
  // At this, microhttpd closes the connection.
  guard response.status >= 0 else { return shim_mhd_no }
  let made = response.body.withUnsafeBytes { bytes in
    response.status > 0 ? shim_mhd_response(bytes.baseAddress, bytes.count) : shim_mhd_broken()
  }
  guard let made else { return shim_mhd_no }
  defer { MHD_destroy_response(made) }
  for field in response.fields { _ = MHD_add_response_header(made, field.name, field.value) }
  if response.closes { _ = MHD_add_response_header(made, "Connection", "close") }
  return LibraryAnswers.queue(made, status: response.status > 0 ? response.status : 502, to: connection)
}
