import MasteryCore

/// Predictions of a student who was active on each of 90 days.
enum Forecasts {
  private static let today = Day(number: 20_600)
  private static let first = today.advanced(by: -89)

  /// Evidence of all four components on each day.
  static func record() -> EvidenceRecord {
    var record = EvidenceRecord(cutoff: first)
    for day in first...today {
      guard let event = EventID("day-\(day.number)") else { continue }
      let share = Double(first.distance(to: day)) / 100
      let scores = ComponentValues(
        completion: Score(share), quiz: Score(0.9 - share / 3), quality: Score(0.4 + share / 2), consistency: Score(0.5)
      ).map { EvidenceContent.given($0) }
      record.merge(Observation(event: event, timestamp: day.start, source: nil, cohort: nil, contents: scores))
    }
    return record
  }

  /// The floor: one walk over the same days.
  static func walk(_ record: EvidenceRecord) {
    var sum = 0.0
    for topic in record.topics.indices {
      for index in record.topics[topic].days.indices {
        sum += record.topics[topic].days[index].latest.completion?.score.value ?? 0
        sum += record.topics[topic].days[index].latest.quiz?.score.value ?? 0
        sum += record.topics[topic].days[index].latest.quality?.score.value ?? 0
        sum += record.topics[topic].days[index].latest.consistency?.score.value ?? 0
      }
    }
    precondition(sum > 0)
  }

  /// A prediction for a week.
  static func predict(_ record: EvidenceRecord) {
    let forecast = Forecast(of: record, asOf: today, from: first)
    precondition(forecast.expectation != nil)
  }
}
