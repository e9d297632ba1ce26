import Commands
import Simulation
import Synchronization

/// What is shown of a sweep: a progress bar while it runs, on terminals only, and figures at the end.
final class Report: Sendable {
  private static let width = 30
  /// Seconds between updates of the progress bar.
  private static let pause = 0.2

  private let seeds: Range<UInt64>
  private let began: Double
  private let now: @Sendable () -> Double
  private let shown: Mutex<Double>

  /// Creates a report on a sweep that begins at a time in seconds.
  init(seeds: Range<UInt64>, began: Double, now: @escaping @Sendable () -> Double) {
    self.seeds = seeds
    self.began = began
    self.now = now
    shown = Mutex(0)
  }

  /// Updates the progress bar, unless that happened just now.
  func show(_ summary: Sweep.Summary) {
    guard Terminal.showsProgress else { return }
    let moment = now()
    let isDue = shown.withLock { shown in
      guard moment > shown + Self.pause else { return false }
      shown = moment
      return true
    }
    if isDue { Terminal.progress(picture(summary, moment)) }
  }

  /// Removes the progress bar.
  func end() {
    if Terminal.showsProgress { Terminal.progress("") }
  }

  private func picture(_ summary: Sweep.Summary, _ moment: Double) -> String {
    let part = Double(summary.runs) / Double(max(1, seeds.count))
    let full = Int(part * Double(Self.width))
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
    return "[\(bar)] \(Int(part * 100)) % \(summary.runs) worlds, \(Self.rate(summary.runs, moment - began)) per second"
  }

  /// The final figures, one per line.
  func lines(_ summary: Sweep.Summary) -> [String] {
    let seconds = now() - began
    let faults = Fault.allCases.map { ($0.rawValue, summary.injected[$0] ?? 0) }
    let figures =
      [
        ("worlds", summary.runs), ("steps", summary.steps), ("seconds", Int(seconds.rounded())),
        ("worlds per second", Self.rate(summary.runs, seconds)), ("faults", faults.reduce(0) { $0 + $1.1 }),
      ] + faults.map { ("  \($0)", $1) } + [("laws", Law.allCases.count), ("seeds that broke a law", summary.breaches.count)]
    let width = (figures.map(\.0.count).max() ?? 0) + 2
    return figures.map { name, number in
      let text = String(number)
      return name + String(repeating: " ", count: width - name.count + max(0, 9 - text.count)) + text
    }
  }

  private static func rate(_ count: Int, _ seconds: Double) -> Int { seconds > 0 ? Int(Double(count) / seconds) : count }
}
