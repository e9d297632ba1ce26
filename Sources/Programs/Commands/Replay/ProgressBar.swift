internal import MasteryCore

/// The progress of a replay on a terminal; nothing is shown if standard error is not a terminal.
struct ProgressBar {
  /// Milliseconds between two updates.
  private static let pause: Int64 = 100
  private static let width = 30

  private let size: Int?
  private let draw: ((String) -> Void)?
  private var shown: Timestamp?

  /// Creates a bar on standard error, if that is a terminal.
  init(size: Int?) {
    self.init(size: size, draw: Terminal.showsProgress ? { Terminal.progress($0) } : nil)
  }

  /// Creates a bar for a file of the given number of bytes; with nil only events are counted.
  init(size: Int?, draw: ((String) -> Void)?) {
    self.size = size
    self.draw = draw
  }

  /// Shows the position in the file, unless it was updated very recently.
  mutating func show(position: Int, events: Int, now: Timestamp) {
    guard let draw, shown.map({ now >= $0.adding(milliseconds: Self.pause) }) ?? true else { return }
    shown = now
    draw(picture(position: position, events: events))
  }

  /// Removes the bar.
  mutating func end() {
    if shown != nil { draw?("") }
    shown = nil
  }

  private func picture(position: Int, events: Int) -> String {
    guard let size, size > 0 else { return "\(events) events" }
    let part = min(max(Double(position) / Double(size), 0), 1)
    let full = Int(part * Double(Self.width))
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
    return "[\(bar)] \(Int(part * 100)) % \(events) events"
  }
}
