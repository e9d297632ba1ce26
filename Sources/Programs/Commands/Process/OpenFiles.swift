internal import Glibc

/// The limit of open files and connections of the process.
package enum OpenFiles {
  /// Raises the limit to the maximum that the system allows: shells and service managers often start with 1,024, fewer than the connections
  /// that the service can hold.
  package static func allowMost() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
  }
}
