internal import Glibc

/// How many files and connections the process may have open.
enum OpenFiles {
  /// Allows as many as the system lets the process have: shells and service managers often begin with 1,024, which is less than the
  /// connections that the service can hold.
  static func allowMost() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
  }
}
