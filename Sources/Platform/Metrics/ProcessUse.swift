internal import Glibc

/// What the process takes of the machine, under the names that Prometheus' own libraries use.
public enum ProcessUse {
  /// The families, read from `/proc` and the kernel's accounts whenever they are asked for.
  public static let families: [any MetricFamily] = [
    Reading(
      MetricDeclaration("process_cpu_seconds_total", .counter, "Processor time of the process, in seconds."), value: { processorTime }),
    Reading(
      MetricDeclaration("process_resident_memory_bytes", .gauge, "Memory of the process that is in RAM, in bytes."),
      value: { residentMemory }),
    Reading(MetricDeclaration("process_open_fds", .gauge, "Open file descriptors."), value: { openFiles }),
  ]

  private static var processorTime: Double? {
    var time = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static var residentMemory: Double? {
    guard let pages = contents(of: "/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({ Double($0) }) else { return nil }
    return pages * Double(getpagesize())
  }

  /// Those of the directory itself not included.
  private static var openFiles: Double? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    defer { closedir(directory) }
    var number = 0
    while let entry = readdir(directory) { if entry.pointee.d_name.0 != UInt8(ascii: ".") { number += 1 } }
    return Double(number - 1)
  }

  private static func contents(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, buffer.count)
      return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
  }
}
