internal import Glibc

/// The number of files and connections that a test may open.
public enum OpenFiles {
  /// Raises this process's limit to that many, if the system allows it.
  ///
  /// - Returns: Whether it may have that many.
  public static func allow(_ count: Int) -> Bool {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_max >= rlim_t(count) else { return false }
    guard limit.rlim_cur < rlim_t(count) else { return true }
    limit.rlim_cur = rlim_t(count)
    return setrlimit(resource, &limit) == 0
  }
}
