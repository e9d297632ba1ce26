import JSON
import MasteryCore

@testable import Commands

extension FuzzTarget {
  /// A line of an event file changes only its time when it is shifted by days, and has the same time again when shifted back.
  static let lines = FuzzTarget(name: "lines") {
    try Recordings.events()
      + [#"{"timestamp":1795248000000}"#, #"{"a":"\"","timestamp" : "2026-11-21t06:34:45.5+05:30"}"#, #"{"timestamp":"\u0032026"}"#].map {
        Array($0.utf8)
      }
  } run: { bytes throws(Broken) in
    guard var line = bytes.withUnsafeBytes({ ReplayLine($0) }), let moment = line.timestamp else { return }
    // Near the ends of time there is no room to shift.
    guard (Timestamp(milliseconds: -62_000_000_000_000)...Timestamp(milliseconds: 253_000_000_000_000)).contains(moment) else { return }
    line.shift(days: 400)
    guard let moved = line.bytes.withUnsafeBytes({ ReplayLine($0) }) else { throw Broken(description: "moving a line made it no JSON") }
    guard moved.bytes != bytes else { return }
    try Broken.unless(moved.timestamp == moment.adding(milliseconds: 400 * 86_400_000), "a line was moved by something else")
    try Broken.unless(moved.student == line.student && moved.topic == line.topic, "moving a line changed what it says")
  }
}
