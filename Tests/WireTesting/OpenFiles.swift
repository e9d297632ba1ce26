internal import Glibc

/// How many files and connections a test may have open.
public enum OpenFiles {
  /// Allows this process so many, where the system lets it have them.
  ///
  /// - Returns: Whether it may have so many.
  public static func allow(_ count: Int) -> Bool {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_max >= rlim_t(count) else { return false }
    guard limit.rlim_cur < rlim_t(count) else { return true }
    limit.rlim_cur = rlim_t(count)
    return setrlimit(resource, &limit) == 0
  }
}
