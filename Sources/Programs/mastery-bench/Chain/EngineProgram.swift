import Glibc

/// The program that is measured.
enum EngineProgram {
  /// The path of `mastery-engine`, which is built next to this program.
  static var path: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    let own = String(decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/mastery-engine"
  }
}
