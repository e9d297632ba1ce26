import Foundation
import JSON
import MasteryCore
import Testing

@testable import Commands
@testable import MasteryService

@Suite("What dlq says of dead letters")
struct DeadLetterSummaryTests {
  private static let time = Timestamp(milliseconds: 1_773_576_000_000)

  private static func letter(_ id: String) throws -> KeptDeadLetter {
    let json =
      #"{"event_id":"\#(id)","event_type":"FailedEvent","student_id":"s-1","school_id":"north","original_topic":"learning.quiz","#
      + #""original_payload":"{}","error_type":"validation_error","error_message":"a must be b, got c","failed_at":"\#(time.iso8601)"}"#
    let record = StoredRecord(id: id, at: time, json: Array(json.utf8))
    return try #require(KeptDeadLetter(record, in: SegmentedLog(key: "dlq:0", room: 32, daysToLive: 30)))
  }

  private static func replayed(_ fates: [ReplayedDeadLetter.Fate], isMarked: Bool = true) throws -> [ReplayedDeadLetter] {
    try fates.enumerated().map { index, fate in
      ReplayedDeadLetter(letter: try letter("e-\(index)"), fate: fate, isMarked: isMarked, event: nil, failsAfter: time)
    }
  }

  @Test("Letters that are simply in are counted, and each other one is named with its reason")
  func lines() throws {
    let summary = DeadLetterSummary(
      try Self.replayed([.folded, .refused("a must be b, got d"), .folded, .unknown, .forgotten]), [], isDryRun: false)
    #expect(
      summary.lines == [
        "e-1: it failed again: a must be b, got d", "e-3: it is published, and not known to be in yet",
        "5 dead letters: 2 folded, 1 forgotten, 1 refused, 1 unknown",
      ])
    #expect(summary.shortcoming == "2 of the dead letters are not in")
    #expect(summary.json.count == 5 && summary.json[1].contains(#""fate":"refused","reason":"a must be b, got d","is_marked":true"#))
  }

  @Test("All is done when every event is in, left out for good, or was replayed by somebody else")
  func done() throws {
    let replayed = KeptDeadLetter.Replayed(at: Self.time, by: "bob", isRepaired: false)
    let fates: [ReplayedDeadLetter.Fate] = [.folded, .forgotten, .replayedBefore(replayed)]
    #expect(DeadLetterSummary(try Self.replayed(fates), [], isDryRun: false).shortcoming == nil)
    #expect(DeadLetterSummary([], [], isDryRun: false).lines == ["0 dead letters"])
    let unmarked = DeadLetterSummary(try Self.replayed([.folded], isMarked: false), [], isDryRun: false)
    #expect(unmarked.shortcoming?.hasPrefix("1 letters could not be marked as replayed") == true)
    for fate: ReplayedDeadLetter.Fate in [.gone, .unpublished("x"), .unreplayable("x"), .unknown, .deferred("x"), .refused("x")] {
      #expect(DeadLetterSummary(try Self.replayed([fate]), [], isDryRun: false).shortcoming != nil, "\(fate)")
    }
  }

  @Test("A repaired event without a letter is named once, and keeps the replay from being done")
  func unmatched() throws {
    let event = try JSONDocument.parse(Array(#"{"event_id":"e-9"}"#.utf8)) { (root) throws(JSONInvalid) in try RepairedEvent(root) }
    let summary = DeadLetterSummary(try Self.replayed([.folded]), [event, event], isDryRun: false)
    #expect(summary.lines == ["e-9: no such dead letter is kept", "1 dead letter: 1 folded"] && summary.shortcoming != nil)
    #expect(summary.json.last == #"{"event_id":"e-9","fate":"gone"}"#)
    let dry = DeadLetterSummary(try Self.replayed([.ready, .unreplayable("x")]), [], isDryRun: true)
    #expect(dry.shortcoming == "1 of the dead letters cannot be replayed as they are")
    #expect(DeadLetterSummary(try Self.replayed([.ready]), [], isDryRun: true).shortcoming == nil)
  }

  @Test("A letter in one line has its time, event, owner and cause")
  func line() throws {
    let line = DeadLetterLine(try Self.letter("e-1"))
    #expect(line.text.split(separator: "\t").map(String.init).count == 5)
    #expect(line.text.hasPrefix("2026-03-15T12:00:00Z\te-1\tnorth/s-1\t") && line.text.hasSuffix("\ta must be b, got c"))
    let group = try #require(DeadLetterGroup.groups(of: [try Self.letter("e-1")]).first)
    #expect(group.lines[0] == "\(group.cause.id)  1 letter, 2026-03-15T12:00:00Z")
    #expect(group.lines[1].hasSuffix("validation_error: a must be b") && group.json.contains(#""rule":"a must be b""#))
  }

  @Test(
    "A line of repaired events that holds none is named, and nothing is published",
    arguments: [
      ("7", "event must be an object, got 7"), ("{", "the line is not JSON"), ("{}", "event_id must be the id of a dead letter"),
      (#"{"event_id":"e-1","event_type":"FailedEvent"}"#, "event must be the repaired event of the dead letter e-1"),
      (#"{"event_id":"e-1","event_type":"FailedEvent","event":"x"}"#, "event must be the repaired event of the dead letter e-1"),
    ])
  func repaired(line: String, why: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "repaired-\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "{\"event_id\":\"e-0\",\"event_type\":\"quiz\"}\n\n\(line)\n".write(toFile: path, atomically: true, encoding: .utf8)
    let failure = #expect(throws: CommandFailure.self) { try RepairedEventFile.events(of: path) }
    #expect(failure?.message.contains("line 3: \(why)") == true && failure?.message.hasSuffix("nothing is published") == true)
  }
}
