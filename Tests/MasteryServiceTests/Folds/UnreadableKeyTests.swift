import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("What is kept beside a document whose key fails")
struct KeyFaultTests {
  private static let minute: Int64 = 60_000

  private let faults = UnreadableKeys()
  private let key: StudentKey

  init() throws { key = try Stand.key("s-1") }

  private func fails(after milliseconds: Int64, othersAnswered: Bool = true) -> Bool {
    faults.isLasting(key, othersAnswered: othersAnswered, now: Stand.noonTime.adding(milliseconds: milliseconds))
  }

  @Test("The wait for an unreadable key lasts 15 minutes, and no longer")
  func lasting() {
    for minute in 0..<15 { #expect(!fails(after: Int64(minute) * Self.minute)) }
    #expect(!fails(after: 15 * Self.minute - 1))
    #expect(fails(after: 15 * Self.minute))
  }

  @Test("The wait for an unreadable key starts over after an outage of all keys, and after the key was read", arguments: [true, false])
  func anew(_ isOutage: Bool) {
    #expect(!fails(after: 0) && !fails(after: 10 * Self.minute))
    if isOutage {
      #expect(!fails(after: 11 * Self.minute, othersAnswered: false))
    } else {
      faults.clear([(key, .init(stored: .absent, condition: .absent))])
    }
    #expect(!fails(after: 12 * Self.minute) && !fails(after: 26 * Self.minute))
    #expect(fails(after: 27 * Self.minute))
  }

  @Test("The wait for an unreadable key starts over if nobody asks for 15 minutes, since another replica may have read it")
  func unasked() {
    #expect(!fails(after: 0) && !fails(after: 20 * Self.minute) && !fails(after: 34 * Self.minute))
    #expect(fails(after: 35 * Self.minute))
  }

  @Test("A key known to have failed for 15 minutes is not waited for again until two hours pass without a request")
  func known() {
    for minutes in [0, 10, 20] as [Int64] { _ = fails(after: minutes * Self.minute) }
    #expect(fails(after: 140 * Self.minute))
    faults.clear([(key, .init(stored: .failed("no answer"), condition: nil))])
    #expect(fails(after: 260 * Self.minute))
    #expect(!fails(after: 380 * Self.minute + 1))
  }

  /// A letter behind another one cannot be tried, and would have to wait just as long each time.
  @Test("An unreadable key is waited for once, however many letters of two students alternate in the queue")
  func inLine() async throws {
    let stand = Stand()
    let other = try Stand.key("s-2")
    stand.sidecar.always(.partly(without: [key.documentKey, other.documentKey]), where: \.isLoad)
    var minutes = 0
    for number in 0..<10 {
      let letter = Wrapped.exercise("e-\(number)", of: number.isMultiple(of: 2) ? "s-1" : "s-2", completed: 11)
      while await stand.deliver(Array(Wrapped.cloudEvent(letter).utf8), to: Topic.deadLetters) == ["": "RETRY"] {
        stand.clock.step(Self.minute)
        minutes += 1
      }
    }
    #expect(minutes == 30)
  }

  @Test("The wait for an unreadable key starts over once an event of the student is accepted")
  func folded() async throws {
    let stand = Stand()
    let wrong = Array(Wrapped.cloudEvent(Wrapped.exercise("e-1", completed: 11)).utf8)
    stand.sidecar.always(.partly(without: [key.documentKey]), where: \.isLoad)
    #expect(await stand.deliver(wrong, to: Topic.deadLetters) == ["": "RETRY"])
    stand.clock.step(14 * Self.minute)
    stand.sidecar.recover()
    _ = await stand.deliver([Wrapped.exercise("e-2")])
    stand.sidecar.always(.partly(without: [key.documentKey]), where: \.isLoad)
    stand.clock.step(2 * Self.minute)
    #expect(await stand.deliver(wrong, to: Topic.deadLetters) == ["": "RETRY"])
  }

  @Test("A dead letter of an unreadable key comes again for 15 minutes and is then kept")
  func deadLetter() async throws {
    let stand = Stand()
    stand.sidecar.always(.partly(without: [key.documentKey]), where: \.isLoad)
    let wrong = Wrapped.exercise("e-1", completed: 11)
    for _ in 0..<15 {
      #expect(await stand.deliver(Array(Wrapped.cloudEvent(wrong).utf8), to: Topic.deadLetters) == ["": "RETRY"])
      stand.clock.step(Self.minute)
    }
    #expect(!stand.sidecar.keys.contains { $0.hasPrefix("dlq:") })
    #expect(await stand.deliver(Array(Wrapped.cloudEvent(wrong).utf8), to: Topic.deadLetters) == ["": "SUCCESS"])
    #expect(stand.sidecar.keys.contains { $0.hasPrefix("dlq:") })
  }
}
