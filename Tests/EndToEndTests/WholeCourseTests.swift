import DevSidecar
import Foundation
import HTTPServer
import MasteryCore
import MasteryService
import NaiveMastery
import Testing

extension EndToEnd {
  @Suite("A course goes through broker, engine and store") struct WholeCourseTests {
    @Test("A whole course shifted to now loses no event and has none refused, and each document matches its events")
    func replayedWhole() async throws {
      let course = try Course.load()
      try await replay(course, [])
    }

    @Test("A course cut in the middle also has the days of the last 90")
    func cutMidCourse() async throws {
      let course = try Course.load()
      let middle = Day(number: course.lines.map(\.naive.day).sorted()[course.lines.count / 2])
      try await replay(course.until(middle), ["--until", middle.iso8601])
    }

    private func replay(_ course: Course, _ options: [String]) async throws {
      let rig = try await Rig(profile: .memory)
      let engine = try EngineProcess.serve(beside: rig)
      let shift = Int(Date().timeIntervalSince1970 / 86_400) - 1 - course.lastDay
      let replay = try EngineProcess(["replay", course.path, "--sidecar", rig.endpoint, "--shift-to-now", "--wait"] + options)
      #expect(await replay.exit() == 0, "\(replay.output)")
      #expect(replay.output.contains("\(course.lines.count)"), "\(replay.output)")

      let shifted = course.shifted(days: shift)
      let documents = try await rig.documents(of: Array(Set(try shifted.lines.map(Comparison.key))))
      try Comparison.check(shifted, documents)
      let said = try Said(rig.published)
      said.check(documents)
      #expect(said.deadLetters == 0)
      #expect(await engine.terminate() == 0, "\(engine.output)")
      await rig.stop()
    }

    @Test("With a clock inside the course, days, baseline, average and trend match the naive calculation")
    func clockInsideTheCourse() async throws {
      let whole = try Course.load()
      let today = Day(number: whole.lines.map(\.naive.day).sorted()[whole.lines.count / 2])
      let course = whole.until(today)
      let rig = try await Rig(profile: .memory)
      let server = try rig.serve(rig.service(now: { today.end }))
      try await rig.publish(course.lines)
      await rig.sidecar.idle()

      let documents = try await rig.documents(of: Array(Set(try course.lines.map(Comparison.key))))
      try Comparison.check(course, documents)
      let events = course.byStudent
      for (key, document) in documents {
        let naive = NaiveStudent(events: events[key.student.text] ?? [], cutoff: document.evidence.cutoff.number)
        let history = DailyHistory(of: document.evidence, from: today.advanced(by: -29), through: today)
        let expected = naive.history(from: today.number - 29, through: today.number)
        #expect(history.days.map(\.day.number) == expected.map(\.day))
        #expect(zip(history.days, expected).allSatisfy { abs($0.mastery.value - $1.mastery) < 1e-12 && $0.hasEvidence == $1.hasEvidence })
        let average = history.historicalAverage(endingOn: today)
        #expect((average == nil) == (naive.average30(endingOn: today.number) == nil))
        #expect(abs((average ?? 0) - (naive.average30(endingOn: today.number) ?? 0)) < 1e-12)
        #expect(history.trend(endingOn: today).rawValue == naive.trend(endingOn: today.number))
        // The broker's clock is years ahead of this one, so the cutoff rises with the student's own events, by at most a day more.
        let last = events[key.student.text]?.map(\.day).max() ?? 0
        #expect((last - 90...min(today.number, last + 1) - 90).contains(document.evidence.cutoff.number))
      }
      await server.stop(within: .seconds(2))
      await rig.stop()
    }
  }
}

/// Real processes and real ports: one at a time, so that two cores are enough for each.
@Suite("End to end", .serialized) enum EndToEnd {}
