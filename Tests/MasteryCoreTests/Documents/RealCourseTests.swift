import MasteryCore
import NaiveMastery
import Testing

@Suite("Students of a real course")
struct RealCourseTests {
  @Test("Event by event, a real course has the revisions, levels and announcements of the naive calculation")
  func eventByEvent() throws {
    let students = try Samples.students()
    #expect(students.count == 29 && students.values.map(\.count).reduce(0, +) == 810)
    for (student, events) in students {
      var document = try document(cutoff: "2013-09-01", student: student)
      var naive = NaiveStudent(events: [], cutoff: try day("2013-09-01").number)
      for event in events {
        let (level, weak) = (NaiveScore.level(naive.mastery()), naive.weak())
        let change = document.applying(
          [try Observation(event)], now: Timestamp(milliseconds: event.milliseconds), cutoff: document.evidence.cutoff)
        naive.events.append(event)
        let expected = [level != NaiveScore.level(naive.mastery()), weak != naive.weak()].count { $0 }
        #expect(change.announcements.count == expected)
        document = change.document
      }
      let update = MasteryUpdate(of: document)
      #expect(update.mastery.shown == NaiveScore.shown(naive.mastery()))
      #expect(update.cohort?.text == naive.cohort)
      #expect(agree(update.mastery.components.plain, naive.components()))
    }
  }

  @Test(
    "In the middle of a real course, histories, averages and trends match the naive calculation",
    arguments: ["2013-05-15", "2013-12-15", "2014-03-01"])
  func midCourse(date: String) throws {
    let last = try day(date)
    var known = 0
    for (_, events) in try Samples.students() {
      let seen = events.filter { $0.day <= last.number }
      var record = EvidenceRecord(cutoff: last.advanced(by: -90))
      for event in seen { record.merge(try Observation(event)) }
      let naive = NaiveStudent(events: seen, cutoff: record.cutoff.number)
      let history = DailyHistory(of: record, from: record.cutoff, through: last)
      let expected = naive.history(from: naive.cutoff, through: last.number)
      #expect(history.days.map(\.day.number) == expected.map(\.day))
      #expect(zip(history.days, expected).allSatisfy { abs($0.mastery.value - $1.mastery) < 1e-12 && $0.hasEvidence == $1.hasEvidence })
      #expect(history.trend(endingOn: last).rawValue == naive.trend(endingOn: last.number))
      known += history.days.isEmpty ? 0 : 1
    }
    #expect(known > 5)
  }
}
