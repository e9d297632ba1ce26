import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The copies of a waiting message")
struct WaitingCopyTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let failing = Fate.partly(without: [key])

  @Test("Copies do not multiply when acknowledgements are lost: an event that was put back is dropped when it comes again")
  func lostAcknowledgement() async throws {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    for _ in 1...8 {
      let waiting = stand.waiting
      stand.clock.step(600_000)
      // The last copy is put back or tried; the others have no effect any more.
      for copy in waiting.reversed() { #expect(await stand.deliver(copy, to: Topic.retry) == ["": "SUCCESS"]) }
      #expect(stand.waiting.count + stand.sidecar.published(to: Topic.deadLetters).count == waiting.count + 1)
      if !stand.sidecar.published(to: Topic.deadLetters).isEmpty { break }
    }
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
  }

  @Test("Copies of two events with the same payload are distinguished by their deliveries' metadata")
  func samePayload() async throws {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    let bare = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":10,"correct_answers":5}}"#
    for id in ["ce-1", "ce-2"] {
      let body = Wrapped.cloudEvent(bare, id: id, time: "2026-03-10T08:00:00Z")
      #expect(await stand.deliver(Array(body.utf8), to: "learning.quiz") == ["": "SUCCESS"])
    }
    let waiting = stand.waiting
    #expect(waiting.count == 2)
    stand.clock.step(1_000)
    stand.sidecar.recover()
    for copy in waiting { #expect(await stand.deliver(copy, to: Topic.retry) == ["": "SUCCESS"]) }
    #expect(try stand.document(of: "s-1").ledger.revision == 2)
  }

  @Test("Copies of a request to erase do not multiply either")
  func erasure() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.always(Self.failing, where: \.isLoad)
    let header = Bearer.header(try Bearer.token("a-1", "admin", at: stand.clock.now.milliseconds))
    #expect(await stand.ask("DELETE", "/student/s-1", "", [header]).status == 503)
    for round in 1...6 {
      let copies = stand.sidecar.published(to: Topic.erasures)
      #expect(copies.count == round)
      stand.clock.step(2_000)
      for copy in copies.reversed() { #expect(await stand.deliver(copy, to: Topic.erasures) == ["": "SUCCESS"]) }
    }
    stand.sidecar.recover()
    let last = try #require(stand.sidecar.published(to: Topic.erasures).last)
    #expect(await stand.deliver(last, to: Topic.erasures) == ["": "SUCCESS"])
    #expect(try stand.document(of: "s-1").isTombstone)
  }

  @Test("A message that brings a number of copies beyond all counting does not end the process", arguments: [Int64.max, .min, -1])
  func garbledNumber(_ number: Int64) async throws {
    let stand = Stand.production()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let header = Bearer.header(try Bearer.token("a-1", "admin", at: stand.clock.now.milliseconds))
    #expect(await stand.ask("DELETE", "/student/s-1", "", [header]).status == 503)
    for (topic, message) in [
      (Topic.retry, try #require(stand.waiting.last)), (Topic.erasures, try #require(stand.sidecar.published(to: Topic.erasures).last)),
    ] {
      let text = String(decoding: message, as: UTF8.self).replacing(/"copies":\d+/, with: "\"copies\":\(number)")
      #expect(text.contains("\"copies\":\(number)"))
      stand.clock.step(600_000)
      #expect(await stand.deliver(Array(text.utf8), to: topic) == ["": "SUCCESS"])
    }
  }

  /// The broker keeps copies, processes put them back, and any acknowledgement may be lost.
  @Test("At least one copy stays, whichever process meets which of them in whatever order", arguments: 0..<300 as Range<UInt64>)
  func oneStays(_ seed: UInt64) {
    let random = SeededGenerator(seed: seed)
    let processes = (0..<random.draw(1..<4)).map { _ in WaitingCopies() }
    var serial = 0
    func copy(after number: Int) -> WaitingCopy {
      serial += 1
      return WaitingCopy(message: "m", number: number + 1, id: "\(random.draw(0..<1_000)).\(serial)")
    }
    var held = [copy(after: 0), copy(after: 0)]
    var most = 0
    for _ in 0..<200 {
      let index = random.draw(0..<held.count)
      let (met, process) = (held[index], processes[random.draw(0..<processes.count)])
      if process.isSuperseded(met) {
        held.remove(at: index)
      } else {
        let next = copy(after: met.number)
        held.append(next)
        // It may end before it takes note, and its acknowledgement may be lost.
        if !random.once(in: 5) { process.note(next) }
        if !random.once(in: 3) { held.remove(at: index) }
      }
      #expect(!held.isEmpty)
      most = max(most, held.count)
      if held.isEmpty { return }
    }
    // With every third acknowledgement lost and none dropped there would be dozens.
    #expect(processes.count > 1 || most <= 12)
  }

  @Test("Copies carry the tries that count: after a long wait for a later release, the first failing read is the first failure")
  func failures() async throws {
    let stand = Stand()
    stand.sidecar.put(Array(#"{"schema":3,"student_id":"s-1"}"#.utf8), at: Self.key)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    for _ in 1...9 {
      stand.clock.step(600_000)
      #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    }
    stand.sidecar.always(Self.failing, where: \.isLoad)
    for count in 1...5 {
      stand.clock.step(600_000)
      #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
      #expect(try ReadJSON.data(try #require(stand.waiting.last))["failures"] as? Int == count)
      #expect(stand.sidecar.published(to: Topic.deadLetters).isEmpty)
    }
    stand.clock.step(600_000)
    #expect(await stand.deliver(try #require(stand.waiting.last), to: Topic.retry) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
  }

  @Test("Copies carry the time by which the event was judged, so a slow clock does not refuse what another accepted")
  func judgedTime() async throws {
    let stand = Stand()
    stand.sidecar.always(Self.failing, where: \.isLoad)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.recover()
    let behind = Stand(at: Stand.noon - 365 * 86_400_000, sidecar: stand.sidecar)
    let waiting = try #require(stand.waiting.last)
    #expect(await behind.deliver(waiting, to: Topic.retry) == ["": "RETRY"])
    behind.clock.step(2_000)
    #expect(await behind.deliver(waiting, to: Topic.retry) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).isEmpty)
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
  }
}
