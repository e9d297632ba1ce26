internal import CMicrohttpd
internal import Glibc

/// The library's daemons that a server hands its connections to, each with room for heads of another size.
///
/// microhttpd clears all memory of a connection after each request. Room for the largest head that is taken (160 KiB, for tokens of
/// 128 KiB) would cost every request more than all else of it together, so connections whose first head is small get little room:
/// they take heads of up to 24 KiB, and what is larger is unreadable to the library, and taken on a connection of its own.
struct Daemons: @unchecked Sendable {
  // The handles are constants; microhttpd guards what they point at.
  private let compact: OpaquePointer?
  private let roomy: OpaquePointer
  private let connections: ConnectionCount
  private let watch: ConnectionWatch

  /// Room for heads and answers' headers of most connections.
  private static let compactMemory = 32 << 10

  /// Starts them; nil when the library refuses, as it does with a certificate that is none.
  init?(_ settings: HTTPServerSettings, connections: ConnectionCount, watch: ConnectionWatch, context: UnsafeMutableRawPointer) {
    LibraryAnswers.areReplaced
    guard let roomy = Self.start(settings, memory: settings.headLimit, threads: settings.tls == nil ? 1 : settings.threads, context) else {
      return nil
    }
    self.connections = connections
    self.watch = watch
    // A head that is encrypted can't be looked at before its connection is handed over.
    guard settings.tls == nil else {
      (compact, self.roomy) = (nil, roomy)
      return
    }
    guard let compact = Self.start(settings, memory: Self.compactMemory, threads: settings.threads, context) else {
      MHD_stop_daemon(roomy)
      return nil
    }
    (self.compact, self.roomy) = (compact, roomy)
  }

  private static func start(
    _ settings: HTTPServerSettings, memory: Int, threads: Int, _ context: UnsafeMutableRawPointer
  ) -> OpaquePointer? {
    var options = shim_mhd_options()
    // More than ever come, on each thread, since the library shares them out among its threads.
    options.connections = UInt32(clamping: (settings.connectionLimit + 1) * threads)
    // The watch is stricter; a timeout of their own for some connections would have the library look at all of those each time.
    options.idle_seconds = UInt32(max(settings.idleSeconds, settings.neighbourIdleSeconds) + 5)
    options.memory = memory
    options.threads = UInt32(threads)
    options.context = context
    options.target = takeTarget
    options.handler = takeRequest
    options.completed = requestCompleted
    options.connection = connectionChanged
    guard let tls = settings.tls else { return shim_mhd_start(&options) }
    return tls.certificate.withCString { certificate in
      tls.privateKey.withCString { key in
        options.certificate = certificate
        options.private_key = key
        return shim_mhd_start(&options)
      }
    }
  }

  /// Hands a connection over; it is closed when there are too many.
  func take(_ connection: Int32) {
    guard connections.begin() else {
      close(connection)
      return
    }
    if connections.areScarce { watch.endLongestIdleStranger() }
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &address) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        guard getpeername(connection, address, &length) == 0 else {
          connections.end()
          close(connection)
          return
        }
        let daemon = compact.flatMap { Self.beginsWithSmallHead(connection) ? $0 : nil } ?? roomy
        // One that is not taken is closed by the library.
        if MHD_add_connection(daemon, connection, address, length) != shim_mhd_yes { connections.end() }
      }
    }
  }

  /// Whether a whole head of few bytes has come.
  private static func beginsWithSmallHead(_ connection: Int32) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 8 << 10, alignment: 1) { buffer in
      let count = recv(connection, buffer.baseAddress, buffer.count, Int32(MSG_PEEK | MSG_DONTWAIT))
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<max(count, 0)])
      return bytes.indices.dropLast(3).contains { bytes[$0] == 0x0D && bytes[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) }
    }
  }

  /// Ends them and closes their connections, of which none may be suspended.
  func stop() {
    if let compact { MHD_stop_daemon(compact) }
    MHD_stop_daemon(roomy)
  }
}
