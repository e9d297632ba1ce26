/// What a model expects of a student: of one course as it is, of several as the mean of what it expects of each.
struct Outlook {
  /// The mastery expected, 0…1.
  let score: Double
  /// The range around it, 0…1; it holds the present mastery too.
  let interval: ClosedRange<Double>
  /// The mastery expected minus the present one.
  let change: Double

  /// Looks ahead from what was known.
  ///
  /// Courses of which too little is known are expected to stay as they are. The ranges are added up like the changes, which supposes that a student
  /// who falls behind in one course falls behind in all: the widest that they can be together.
  init(of basis: ForecastBasis, days: Int, model: ForecastModel) {
    let courses = basis.courses.filter { $0.basis.knownDays >= Forecast.leastDays }
    guard !courses.isEmpty else {
      score = model.expectation(basis, days: days)
      let range = model.interval(basis, days: days)
      interval = min(range.lowerBound, score)...max(range.upperBound, score)
      change = score - basis.mastery.value
      return
    }
    var (change, down, up) = (0.0, 0.0, 0.0)
    for course in courses {
      let part = Self(of: course.basis, days: days, model: model)
      change += course.share * part.change
      down += course.share * (part.interval.lowerBound - course.basis.mastery.value)
      up += course.share * (part.interval.upperBound - course.basis.mastery.value)
    }
    let present = basis.mastery.value
    let expected = min(max(present + change, 0), 1)
    score = expected
    interval = max(min(present + down, expected, present), 0)...min(max(present + up, expected, present), 1)
    self.change = expected - present
  }
}
