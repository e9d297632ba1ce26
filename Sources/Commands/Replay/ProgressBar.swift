internal import MasteryCore

/// How far a replay is, on a terminal; nothing is shown where standard error is none.
struct ProgressBar {
  /// Milliseconds between two pictures.
  private static let pause: Int64 = 100
  private static let width = 30

  private let size: Int?
  private let draw: ((String) -> Void)?
  private var shown: Timestamp?

  /// A bar on standard error, where that is a terminal.
  init(size: Int?) {
    self.init(size: size, draw: Terminal.showsProgress ? { Terminal.progress($0) } : nil)
  }

  /// A bar for a file of so many bytes; with nil only events are counted.
  init(size: Int?, draw: ((String) -> Void)?) {
    self.size = size
    self.draw = draw
  }

  /// Shows the place in the file, unless it did so just now.
  mutating func show(place: Int, events: Int, now: Timestamp) {
    guard let draw, shown.map({ now >= $0.adding(milliseconds: Self.pause) }) ?? true else { return }
    shown = now
    draw(picture(place: place, events: events))
  }

  /// Takes the bar away.
  mutating func end() {
    if shown != nil { draw?("") }
    shown = nil
  }

  private func picture(place: Int, events: Int) -> String {
    guard let size, size > 0 else { return "\(events) events" }
    let part = min(max(Double(place) / Double(size), 0), 1)
    let full = Int(part * Double(Self.width))
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
    return "[\(bar)] \(Int(part * 100)) % \(events) events"
  }
}
