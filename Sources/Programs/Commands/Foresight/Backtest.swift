internal import MasteryCore

/// Forecasts made throughout a course, compared with what came true.
struct Backtest {
  /// Groups of students for which intervals must hold individually, as well as for all students together.
  enum Group: String, CaseIterable {
    case fewDays = "few days of evidence (up to 4)"
    case longIdle = "long idle (over 14 days)"
    case high = "high mastery (0.75 and more)"
    case middle = "middle mastery (0.40 to 0.75)"
    case low = "low mastery (under 0.40)"

    func contains(_ basis: ForecastBasis) -> Bool {
      switch self {
      case .fewDays: basis.knownDays <= 4
      case .longIdle: basis.idleDays > 14
      case .middle: (0.4..<0.75).contains(basis.mastery.value)
      case .high: basis.mastery.value >= 0.75
      case .low: basis.mastery.value < 0.4
      }
    }
  }

  /// The horizon.
  let days: Int
  /// The methods to compare.
  let methods: [ForecastMethod]
  private(set) var accuracies: [ForecastMethod: Accuracy] = [:]
  private(set) var coverage = Coverage()
  private(set) var groups: [Group: Coverage] = [:]
  /// The same by cohort.
  private(set) var cohorts: [String: Coverage] = [:]
  /// Forecasts for which mastery did not change at all: the minimum that an interval with the present score covers.
  private(set) var unchanged = 0
  private(set) var alarms: [ForecastMethod: Alarm] = [:]
  private(set) var calibration = Calibration()
  private(set) var picture: BacktestPicture
  /// Number of stops with too little evidence for a prediction.
  private(set) var withoutPrediction = 0
  private(set) var students = 0

  init(days: Int, methods: [ForecastMethod] = ForecastMethod.allCases) {
    self.days = days
    self.methods = methods
    picture = BacktestPicture()
  }

  /// Adds a walk through a student's course.
  mutating func add(_ student: Course.Student, _ walk: CourseWalk) {
    let before = coverage.count
    walk.run(student) { add($0, of: student.cohort?.text ?? "no cohort") }
    if coverage.count > before { students += 1 }
  }

  private mutating func add(_ stop: CourseWalk.Stop, of cohort: String) {
    guard let truth = stop.mastery(after: days) else { return }
    let basis = ForecastBasis(of: stop.evidence, asOf: stop.today, from: stop.first)
    guard let forecast = Forecast(from: basis, days: days).expectation else {
      withoutPrediction += 1
      return
    }
    let cameTrue = truth < ForecastBasis.riskThreshold
    for method in methods {
      let expected = method.expectation(stop, days: days, forecast: forecast)
      accuracies[method, default: Accuracy()].add(expected, truth: truth)
      let isRaised = method == .engine ? forecast.interventionNeeded : expected < ForecastBasis.riskThreshold
      alarms[method, default: Alarm()].add(isRaised, cameTrue: cameTrue)
    }
    calibration.add(forecast.risk, cameTrue: cameTrue)
    coverage.add(low: forecast.low, high: forecast.high, truth: truth)
    cohorts[cohort, default: Coverage()].add(low: forecast.low, high: forecast.high, truth: truth)
    if abs(truth - basis.mastery.value) < 1e-9 { unchanged += 1 }
    for group in Group.allCases where group.contains(basis) {
      groups[group, default: Coverage()].add(low: forecast.low, high: forecast.high, truth: truth)
    }
    picture.add(forecast, truth: truth)
  }
}
