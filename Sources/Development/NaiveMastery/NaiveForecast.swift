import Foundation

/// The inputs of a forecast, recalculated from all events each time, as the Predictions article defines them.
public struct NaiveForecast: Sendable {
  /// The current mastery.
  public let mastery: Double
  /// Days known to have evidence.
  public let knownDays: Int
  /// Days with evidence in the window.
  public let activeDays: Int
  /// Days since the last evidence.
  public let idleDays: Int
  /// Days since the first known day of the window.
  public let age: Int
  /// The average gain in mastery per piece of completion evidence.
  public let gain: Double
  /// How far completion is below its own average, times its weight.
  public let completionReversion: Double
  /// How far the other components are below their averages, times their weights.
  public let otherReversion: Double

  /// Calculates what was known about a student at the end of day `today`, over a window that starts on day `first`.
  ///
  /// `first` must not be before the student's cutoff.
  public init(of student: NaiveStudent, today: Int, first: Int) {
    let seen = NaiveStudent(events: student.events.filter { $0.day <= today && !$0.parts.isEmpty }, cutoff: student.cutoff)
    mastery = seen.mastery(asOf: today)
    let window = seen.activeDays(in: seen.places).filter { $0 >= first }
    var before: Set<Int> = []
    var averages: [String: (average: Double, last: Double, steps: [Double])] = [:]
    for (component, _) in NaiveScore.weights {
      var scores: [Double] = []
      for place in seen.places { if let earlier = seen.inForce(component, at: place, asOf: first - 1) { before.insert(earlier.event.day) } }
      func given(asOf day: Int) -> Double? {
        seen.places.contains { seen.inForce(component, at: $0, asOf: day) != nil } ? seen.components(asOf: day)[component] : nil
      }
      if let earlier = given(asOf: first - 1) { scores.append(earlier) }
      for day in window.sorted() where seen.places.contains(where: { seen.kept(component, at: $0).contains { $0.event.day == day } }) {
        if let score = given(asOf: day) { scores.append(score) }
      }
      guard let last = scores.last else { continue }
      let average = scores.dropFirst().reduce(scores[0]) { 0.7 * $0 + 0.3 * $1 }
      averages[component] = (average, last, zip(scores, scores.dropFirst()).map { $1 - $0 })
    }
    activeDays = window.count
    knownDays = window.count + before.count
    idleDays = window.union(before).max().map { today - $0 } ?? 0
    age = before.isEmpty ? today - (window.min() ?? today) : today - first
    let steps = averages["completion"]?.steps ?? []
    gain = steps.isEmpty ? 0 : 0.4 * steps.reduce(0, +) / Double(steps.count)
    func meanReversion(_ component: String, _ weight: Double) -> Double { averages[component].map { weight * ($0.average - $0.last) } ?? 0 }
    completionReversion = meanReversion("completion", 0.4)
    otherReversion = meanReversion("quiz", 0.3) + meanReversion("quality", 0.2) + meanReversion("consistency", 0.1)
  }
}
