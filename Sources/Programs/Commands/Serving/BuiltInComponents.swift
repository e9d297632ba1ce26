internal import CBuiltIn
internal import Glibc

/// The built-in component files, written to a folder for as long as they are read.
enum BuiltInComponents {
  /// Creates the folder; `remove` deletes it.
  ///
  /// - Throws: `CommandFailure.unavailable` if it cannot be written.
  static func make() throws(CommandFailure) -> String {
    var template = Array("\(SystemEnvironment.value("TMPDIR") ?? "/tmp")/mastery-engine.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .unavailable("no temporary folder: \(String(cString: strerror(errno)))") }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for file in files {
      let descriptor = open("\(folder)/\(String(cString: file.name))", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      let written = descriptor < 0 ? -1 : write(descriptor, file.bytes, file.size)
      close(descriptor)
      guard written == file.size else {
        remove(folder)
        throw .unavailable("\(folder) cannot be written")
      }
    }
    return folder
  }

  /// Deletes the folder.
  static func remove(_ folder: String) {
    for file in files { unlink("\(folder)/\(String(cString: file.name))") }
    rmdir(folder)
  }

  private static var files: [built_in_file] { (0..<BUILT_IN_COMPONENTS).compactMap { built_in_component($0)?.pointee } }
}
