public import Foundation
public import HTTPServer

/// The program `openssl`, an implementation of TLS besides the server's own calls.
public enum OpenSSL {
  /// Makes a certificate that vouches for itself, with its key, for `localhost`.
  ///
  /// - Returns: Both as PEM text, and their folder, which belongs to the caller: the certificate is in `c.pem`, its key in `k.pem`.
  /// - Throws: If the folder or the program cannot be used.
  public static func certificate() async throws -> (HTTPServerSettings.TLS, URL) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (certificate, key) = (folder.appendingPathComponent("c.pem"), folder.appendingPathComponent("k.pem"))
    let making = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    _ = try await run(making.split(separator: " ").map(String.init) + ["-keyout", key.path, "-out", certificate.path])
    let tls = HTTPServerSettings.TLS(
      certificate: try String(contentsOf: certificate, encoding: .utf8), privateKey: try String(contentsOf: key, encoding: .utf8))
    return (tls, folder)
  }

  /// Runs the program and returns its output; its input stays open until it has ended.
  ///
  /// - Throws: If the program cannot be started.
  public static func run(_ arguments: [String], input: String = "") async throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let (output, sent) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = sent
    try process.run()
    try sent.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    return await onThread { String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
  }
}
