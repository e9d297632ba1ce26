import Glibc

/// A temporary file that loses its name once it is open, so that nothing is left behind.
final class NamelessFile {
  let descriptor: Int32

  /// The path for other processes of this user, as long as it is open here.
  var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

  init() throws(BenchFailure) {
    var template = Array("/tmp/mastery-bench.XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw BenchFailure("there is no room for a temporary file") }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(descriptor) }
}
