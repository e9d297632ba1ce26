internal import MasteryCore

/// Fits the model coefficients to walks through courses.
struct ForecastFit {
  /// The fitted horizons; values in between are interpolated by the model.
  private static let horizons = [1, 2, 3, 5, 7, 10, 14, 18, 22, 26, 30]
  private static let growthRidge = 1e-9
  private static let riskRidge = 6e-4
  /// What was known at a stop, and what came true at each horizon.
  private struct Moment {
    let basis: ForecastBasis
    let truths: [Double?]

    /// The actual change at the horizon with the given index.
    func change(_ index: Int) -> Double? { truths[index].map { $0 - basis.mastery.value } }
  }

  private var moments: [Moment] = []

  /// Adds what was known at a stop, and what came true.
  mutating func add(_ stop: CourseWalk.Stop) {
    let basis = ForecastBasis(of: stop.evidence, asOf: stop.today, from: stop.first)
    moments.append(Moment(basis: basis, truths: Self.horizons.map { stop.mastery(after: $0) }))
  }

  /// The fitted model; nil if there is nothing to fit.
  func model() -> ForecastModel? {
    guard moments.contains(where: { $0.truths.allSatisfy { $0 != nil } }) else { return nil }
    let expected = expectations()
    var model = ForecastModel(growth: Array(expected.dropLast()), meanReversion: expected.last ?? 0, errors: [], risk: [])
    model = ForecastModel(growth: model.growth, meanReversion: model.meanReversion, errors: errors(model), risk: [])
    return ForecastModel(growth: model.growth, meanReversion: model.meanReversion, errors: model.errors, risk: risk(model))
  }

  /// Growth and mean reversion by least squares over all horizons, each scaled by its typical change.
  private func expectations() -> [Double] {
    var equations = NormalEquations(unknowns: 5)
    for (index, days) in Self.horizons.enumerated() {
      let changes = moments.compactMap { $0.change(index) }
      let size = changes.reduce(0) { $0 + $1 * $1 } / Double(max(changes.count, 1))
      guard size > 0 else { continue }
      for moment in moments {
        guard let change = moment.change(index) else { continue }
        let pulls = moment.basis.pullTerms(days: days)
        equations.add(moment.basis.growthTerms(days: days) + [pulls.completion + pulls.others], value: change, weight: 1 / size)
      }
    }
    return equations.solution(ridge: Self.growthRidge).map { Rounding.decimals(5, of: $0) }
  }

  private func errors(_ model: ForecastModel) -> [ForecastModel.ErrorKnot] {
    Self.horizons.enumerated().map { index, days in
      var squares = (sum: 0.0, count: 0)
      var groups = [IntervalFit](repeating: IntervalFit(), count: IntervalGroup.count)
      for moment in moments {
        guard let truth = moment.truths[index] else { continue }
        let (basis, spread) = (moment.basis, moment.basis.spread(days: days))
        let error = (truth - model.expectation(basis, days: days)) / spread
        squares = (squares.sum + error * error, squares.count + 1)
        groups[IntervalGroup(of: basis).number].add(
          truth - basis.mastery.value, spread: spread, rise: basis.rise(days: days), room: 1 - basis.mastery.value)
      }
      let size = (squares.sum / Double(max(squares.count, 1))).squareRoot()
      return ForecastModel.ErrorKnot(days: days, size: Rounding.decimals(5, of: size), reaches: groups.map(\.reach))
    }
  }

  /// Risk by logistic regression over all horizons, each weighted by how rarely the threshold is crossed there: most students stay on their
  /// side for a day or two, and would dominate the fit.
  private func risk(_ model: ForecastModel) -> [Double] {
    var cases: [LogisticFit.Case] = []
    for (index, days) in Self.horizons.enumerated() {
      let truths = moments.compactMap { moment in moment.truths[index].map { (moment.basis, $0 < ForecastBasis.riskThreshold) } }
      let crossings = truths.count { $0.0.isUnderThreshold != $0.1 }
      guard crossings > 0 else { continue }
      let weight = Double(truths.count) / Double(crossings)
      for (basis, isUnder) in truths {
        let change = model.expectation(basis, days: days) - basis.mastery.value
        cases.append(.init(terms: basis.riskTerms(days: days, change: change), cameTrue: isUnder, weight: weight))
      }
    }
    return LogisticFit.coefficients(cases, ridge: Self.riskRidge).map { Rounding.decimals(4, of: $0) }
  }
}
