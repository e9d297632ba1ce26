internal import MasteryCore

/// Fits the numbers that forecasts are made with to courses that have been walked through.
struct ForecastFit {
  /// The horizons that are fitted; what lies between follows from the form.
  private static let horizons = [1, 2, 3, 5, 7, 10, 14, 18, 22, 26, 30]
  private static let growthRidge = 1e-9
  private static let riskRidge = 6e-4
  /// The shares of errors under and over the interval.
  ///
  /// Most misses under it are students who just did nothing and stay close to its end; misses over it lie far off, so it reaches further up.
  private static let tails = (low: 0.12, high: 0.08)

  /// What was known at a stop, and what came true at each of the horizons.
  private struct Moment {
    let basis: ForecastBasis
    let truths: [Double?]

    /// Known and came true, so many horizons down the list.
    func change(_ place: Int) -> Double? { truths[place].map { $0 - basis.mastery.value } }
  }

  private var moments: [Moment] = []

  /// Takes in what was known at a stop, and what came of it.
  mutating func add(_ stop: CourseWalk.Stop) {
    let basis = ForecastBasis(of: stop.evidence, asOf: stop.today, from: stop.first)
    moments.append(Moment(basis: basis, truths: Self.horizons.map { stop.mastery(after: $0) }))
  }

  /// The fit; nil where there is nothing to fit to.
  func model() -> ForecastModel? {
    guard moments.contains(where: { $0.truths.allSatisfy { $0 != nil } }) else { return nil }
    let expected = expectations()
    var model = ForecastModel(growth: Array(expected.dropLast()), pull: expected.last ?? 0, errors: [], risk: [])
    model = ForecastModel(growth: model.growth, pull: model.pull, errors: errors(model), risk: [])
    return ForecastModel(growth: model.growth, pull: model.pull, errors: model.errors, risk: risk(model))
  }

  /// Growth and pull by least squares over all horizons, each counted in its own unit: the change that is usual there.
  private func expectations() -> [Double] {
    var equations = NormalEquations(unknowns: 5)
    for (place, days) in Self.horizons.enumerated() {
      let changes = moments.compactMap { $0.change(place) }
      let size = changes.reduce(0) { $0 + $1 * $1 } / Double(max(changes.count, 1))
      guard size > 0 else { continue }
      for moment in moments {
        guard let change = moment.change(place) else { continue }
        let pulls = moment.basis.pullTerms(days: days)
        equations.add(moment.basis.growthTerms(days: days) + [pulls.completion + pulls.others], value: change, weight: 1 / size)
      }
    }
    return equations.solution(ridge: Self.growthRidge).map { Rounding.decimals(5, of: $0) }
  }

  private func errors(_ model: ForecastModel) -> [ForecastModel.ErrorKnot] {
    Self.horizons.enumerated().map { place, days in
      let errors = moments.compactMap { moment in
        moment.truths[place].map { ($0 - model.expectation(moment.basis, days: days)) / moment.basis.spread(days: days) }
      }
      .sorted()
      let size = (errors.reduce(0) { $0 + $1 * $1 } / Double(max(errors.count, 1))).squareRoot()
      return ForecastModel.ErrorKnot(
        days: days, low: Rounding.decimals(5, of: min(Self.quantile(Self.tails.low, of: errors), 0)),
        high: Rounding.decimals(5, of: max(Self.quantile(1 - Self.tails.high, of: errors), 0)), size: Rounding.decimals(5, of: size))
    }
  }

  /// Risk by logistic regression over all horizons, each counted by how seldom the threshold is crossed there: most students stay on
  /// their side for a day or two, and would drown the rest.
  private func risk(_ model: ForecastModel) -> [Double] {
    var cases: [LogisticFit.Case] = []
    for (place, days) in Self.horizons.enumerated() {
      let truths = moments.compactMap { moment in moment.truths[place].map { (moment.basis, $0 < ForecastBasis.riskThreshold) } }
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

  /// A quantile of sorted values, in a line between the two that it lies between.
  private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    guard let last = sorted.indices.last else { return 0 }
    let place = share * Double(last)
    let below = min(Int(place), last)
    let above = min(below + 1, last)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
