import Glibc

/// What the system tells of a process, or of all processors.
enum ProcessFigures {
  /// Resident memory in MB, 0 if the process is gone.
  static func memory(_ process: pid_t) -> Double {
    let line = file("/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) } ?? 0) / 1_024
  }

  /// Number of open files.
  static func files(_ process: pid_t) -> Int {
    guard let folder = opendir("/proc/\(process)/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      if entry.pointee.d_name.0 != 0x2E { count += 1 }
    }
    return count
  }

  /// Seconds of all processors that were not idle since the system started.
  static var busyTime: Double {
    let fields = file("/proc/stat").split(separator: "\n").first?.split(separator: " ").dropFirst().compactMap { Double($0) } ?? []
    // user, nice, system, idle, iowait, irq, softirq, steal.
    guard fields.count > 7 else { return 0 }
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6] + fields[7]) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func file(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
