import DaprClient
import MasteryCore
import MasteryService
import Synchronization
import Testing

@testable import Commands

@Suite("A replay")
struct ReplayTests {
  private let clock = SteppedClock("2026-11-21T10:00:00Z")

  private func event(_ student: String, _ timestamp: String, type: String = "quiz") -> String {
    #"{"event_type":"\#(type)","timestamp":"\#(timestamp)","student_id":"\#(student)","data":\#(Self.data)}"#
  }

  /// Evidence of every component at once, so that any type finds its own.
  private static let data =
    #"{"total_questions":2,"correct_answers":1,"total_exercises":2,"completed_exercises":1,"correctness":1,"current_streak":1,"#
    + #""max_streak":1,"days_since_last_activity":0}"#

  private func replay(
    _ lines: [String], through broker: ScriptedBroker, until: String? = nil, shifts: Bool = false, skips: Bool = false, batch: Int = 500,
    backlog: (most: Int, workedOff: WorkedOff)? = nil
  ) async throws -> Replay.Counts {
    let file = try EventFile(holding: lines.joined(separator: "\n"))
    let publisher = BatchPublisher(sidecar: broker, runtime: clock.runtime) { _ in }
    let day = until.flatMap { Day(iso8601: $0) }
    var progress = ProgressBar(size: nil, draw: nil)
    let replay = Replay(
      until: day, shiftsToNow: shifts, skipsRefused: skips, batch: batch, backlog: backlog, publisher: publisher, runtime: clock.runtime)
    return try await replay.run(file, progress: &progress)
  }

  @Test("Each event goes byte for byte to the topic of its type, with its student as the key")
  func topics() async throws {
    let broker = ScriptedBroker()
    let lines = [
      event("ada", "2014-01-01T00:00:00Z"), event("bob", "2014-01-02T00:00:00Z", type: "completion"),
      #"{ "event_type" : "mastery.calculation.requested", "student_id" : "eve" }"#,
    ]
    let counts = try await replay(lines, through: broker)
    #expect(
      Set(broker.taken) == [
        .init(topic: "learning.quiz", key: "ada", body: lines[0]), .init(topic: "learning.completion", key: "bob", body: lines[1]),
        .init(topic: "mastery.requests", key: "eve", body: lines[2]),
      ])
    #expect(counts == Replay.Counts(published: 3, students: ["ada", "bob", "eve"]))
  }

  @Test("The day of --until is the last one, to its end in UTC")
  func until() async throws {
    let broker = ScriptedBroker()
    let kept = [
      event("a", "2014-03-01T23:59:59.999Z"), event("b", "2014-03-02T01:00:00+02:00"),
      #"{"event_type":"quiz","student_id":"c","data":\#(Self.data)}"#,
    ]
    let late = [event("d", "2014-03-02T00:00:00Z"), event("e", "2014-03-01T23:00:00-02:00")]
    let counts = try await replay(kept + late, through: broker, until: "2014-03-01")
    #expect(broker.taken.map(\.body) == kept)
    #expect(counts == Replay.Counts(published: 3, leftOut: 2, students: ["a", "b", "c"]))
  }

  @Test("--shift-to-now moves the last kept day to yesterday, wherever it is in the file")
  func shift() async throws {
    let broker = ScriptedBroker()
    // 2014-03-01 to 2026-11-20 are 4,647 days.
    let lines = [event("a", "2014-03-01T22:00:00Z"), event("b", "2014-02-28T08:00:00Z"), event("c", "2014-03-05T08:00:00Z")]
    _ = try await replay(lines, through: broker, until: "2014-03-02", shifts: true)
    #expect(broker.taken.map(\.body) == [event("a", "2026-11-20T22:00:00Z"), event("b", "2026-11-19T08:00:00Z")])
  }

  /// Five lines that the service would refuse, among three good ones.
  private var mixed: [String] {
    [
      event("a", "2014-03-01T22:00:00Z"), "nope", #"{"event_type":"quiz","student_id":"b"}"#, event("b", "2014-03-01T22:00:00Z"),
      event("a b", "2014-03-01T22:00:00Z"), "{", event("c", "2014-03-01T22:00:00Z"), event("c d", "2014-03-01T22:00:00Z"),
    ]
  }

  @Test("If the service would refuse a line, nothing is published, and each rule is reported with its count and first line")
  func refusedLines() async throws {
    let broker = ScriptedBroker()
    let counts = try await replay(mixed, through: broker)
    #expect(broker.taken.isEmpty && counts.published == 0)
    #expect(counts.refused.count == 5 && counts.refused.reasons == ["malformed": 2, "missing_field": 1, "invalid_id": 2])
    let report = counts.refused.report
    #expect(report.count == 4 || report.count == 3)
    #expect(report.contains { $0.hasPrefix("2 invalid_id: student_id must be 1 to 128 letters") && $0.hasSuffix("(first in line 5)") })
    #expect(report.contains { $0.hasPrefix("1 missing_field: data.total_questions") || $0.hasPrefix("1 missing_field: total_questions") })
  }

  @Test("With --skip-refused the other lines are published, and the skipped ones are reported", arguments: [false, true])
  func skippedLines(shifts: Bool) async throws {
    let broker = ScriptedBroker()
    let counts = try await replay(mixed, through: broker, shifts: shifts, skips: true)
    #expect(broker.taken.map(\.key) == ["a", "b", "c"])
    #expect(counts.published == 3 && counts.refused.count == 5 && counts.students == ["a", "b", "c"])
  }

  @Test("A line is judged as it will be sent: a time in the future may be in the past once shifted, and the other way round")
  func judgedAsSent() async throws {
    let (ahead, broker) = ([event("a", "2026-11-22T10:00:00Z")], ScriptedBroker())
    #expect(try await replay(ahead, through: broker).refused.count == 1)
    #expect(try await replay(ahead, through: broker, shifts: true).refused.count == 0)
  }

  @Test("The events that the broker accepts are counted along the way")
  func taken() async throws {
    let broker = ScriptedBroker([.refuses([1, 3]), .takes])
    let taken = PublishedEvents()
    let publisher = BatchPublisher(sidecar: broker, runtime: clock.runtime, taken: taken) { _ in }
    let events = (0..<5).map {
      OutgoingEvent(body: Array(event("s\($0)", "2014-01-01T00:00:00Z").utf8), contentType: "application/json", partitionKey: nil)
    }
    try await publisher.publish(events, to: "learning.quiz").get()
    #expect(taken.count == 5)
  }

  @Test("Batches have the wanted size, and a topic keeps its order")
  func batches() async throws {
    let broker = ScriptedBroker()
    let lines = (0..<25).map { event("s\($0)", "2014-01-01T00:00:00Z") }
    let counts = try await replay(lines, through: broker, batch: 10)
    #expect(broker.requests == [10, 10, 5])
    #expect(broker.taken.map(\.body) == lines)
    #expect(counts.published == 25)
  }

  @Test("A batch is divided by topic, and its parts reach the broker before the next batch")
  func dividedBatches() async throws {
    let broker = ScriptedBroker()
    let types = ["completion", "quiz", "completion", "consistency", "quiz", "completion", "consistency", "quiz"]
    _ = try await replay(types.map { event("a", "2014-01-01T00:00:00Z", type: $0) }, through: broker, batch: 4)
    #expect(broker.requests.count == 6)
    #expect(Set(broker.taken[..<4].map(\.topic)) == ["learning.completion", "learning.quiz", "learning.consistency"])
    #expect(broker.taken[..<4].filter { $0.topic == "learning.completion" }.count == 2)
  }

  @Test("No more is published while more events than allowed wait for the engine")
  func backlog() async throws {
    let broker = ScriptedBroker()
    let asked = Mutex<[Int]>([])
    let waiting = Mutex([9, 7, 5, 2, nil])
    let runtime = clock.runtime
    let workedOff = WorkedOff(
      look: { published in
        await runtime.sleep(milliseconds: 5)
        asked.withLock { $0.append(published) }
        return ReplayLook(published: published, left: waiting.withLock { $0.isEmpty ? 0 : $0.removeFirst() })
      }, hindrances: { [] }, runtime: runtime, report: { _ in })
    let lines = (0..<30).map { event("s\($0)", "2014-01-01T00:00:00Z") }
    let counts = try await replay(lines, through: broker, batch: 10, backlog: (5, workedOff))
    #expect(counts.published == 30)
    // After the first batch it waits until 5 are left; after the third nothing is known, so it goes on.
    #expect(asked.withLock { $0 } == [10, 10, 10, 20, 30])
  }

  @Test("A stuck engine does not keep anything from being published")
  func stuckEngine() async throws {
    let broker = ScriptedBroker()
    let runtime = clock.runtime
    let workedOff = WorkedOff(
      look: { published in
        await runtime.sleep(milliseconds: 250)
        return ReplayLook(published: published, left: published)
      }, hindrances: { [] }, runtime: runtime, report: { _ in })
    let lines = (0..<100).map { event("s\($0)", "2014-01-01T00:00:00Z") }
    let counts = try await replay(lines, through: broker, batch: 10, backlog: (5, workedOff))
    #expect(counts.published == 100 && broker.taken.map(\.body) == lines)
    // It waits for ten seconds once, then only looks.
    #expect(clock.pauses.reduce(0, +) < 15_000)
  }

  @Test("Events that the broker does not accept are published again, and no others")
  func again() async throws {
    let broker = ScriptedBroker([.refuses([1, 3]), .fails(.timedOut), .refuses([0])])
    let lines = (0..<5).map { event("s\($0)", "2014-01-01T00:00:00Z") }
    _ = try await replay(lines, through: broker)
    #expect(broker.requests == [5, 2, 2, 1])
    #expect(broker.taken.map(\.body) == [0, 2, 4, 3, 1].map { lines[$0] })
    // Each bit of progress makes the pause short again.
    #expect(clock.pauses == [100, 200, 100])
  }

  @Test("A broker that accepts nothing for a minute ends the replay with 1")
  func givesUp() async throws {
    let broker = ScriptedBroker([ScriptedBroker.Answer](repeating: .fails(.unreachable("nobody")), count: 1_000))
    let failure = await #expect(throws: CommandFailure.self) {
      try await replay([event("a", "2014-01-01T00:00:00Z")], through: broker)
    }
    #expect(failure?.status == 1)
    #expect(clock.pauses.reduce(0, +) >= 60_000)
    #expect(clock.pauses.max() == 5_000)
  }

  @Test("An event that can never be accepted ends the replay at once, with what was published until then")
  func refused() async throws {
    let broker = ScriptedBroker([.takes, .takes, .fails(.unauthorized("token"))])
    let lines = (0..<25).map { event("s\($0)", "2014-01-01T00:00:00Z") }
    let failure = try await #require(throws: CommandFailure.self) { try await replay(lines, through: broker, batch: 10) }
    #expect(failure.status == 1)
    for words in ["learning.quiz", "401", "DAPR_API_TOKEN", "20 events of the file are published"] {
      #expect(failure.message.contains(words))
    }
    #expect(clock.pauses.isEmpty)
  }
}
