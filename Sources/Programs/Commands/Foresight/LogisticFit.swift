internal import Glibc

/// Logistic regression coefficients, found by Newton's method.
struct LogisticFit {
  /// One case: its terms, whether it came true, and its weight.
  struct Case {
    let terms: [Double]
    let cameTrue: Bool
    let weight: Double
  }

  private static let steps = 100
  private static let longestStep = 2.0
  private static let precision = 1e-10

  /// The coefficients of maximum likelihood.
  ///
  /// - Parameters:
  ///   - cases: The cases; all have the same number of terms.
  ///   - ridge: How strongly coefficients are drawn to 0, as a share of the weight of all cases, for terms scaled to the same size.
  /// - Returns: One coefficient for each term.
  static func coefficients(_ cases: [Case], ridge: Double) -> [Double] {
    let count = cases.first?.terms.count ?? 0
    let weight = cases.reduce(0) { $0 + $1.weight }
    var penalties = [Double](repeating: 0, count: count)
    for item in cases { for index in 0..<count { penalties[index] += ridge * item.terms[index] * item.terms[index] } }
    for index in penalties.indices { penalties[index] *= weight / Double(max(cases.count, 1)) }
    var coefficients = [Double](repeating: 0, count: count)
    for _ in 0..<steps {
      // A Newton step is a least-squares fit of the residuals, each case weighted by its variance.
      var step = NormalEquations(unknowns: count)
      for item in cases {
        let odds = zip(coefficients, item.terms).reduce(0) { $0 + $1.0 * $1.1 }
        let probability = 1 / (1 + exp(-odds))
        let curvature = max(probability * (1 - probability), 1e-12)
        step.add(item.terms, value: ((item.cameTrue ? 1 : 0) - probability) / curvature, weight: item.weight * curvature)
      }
      for index in 0..<count {
        var terms = [Double](repeating: 0, count: count)
        terms[index] = 1
        step.add(terms, value: -coefficients[index], weight: penalties[index])
      }
      let change = step.solution(ridge: 1e-12).map { min(max($0, -longestStep), longestStep) }
      for index in 0..<count { coefficients[index] += change[index] }
      if change.allSatisfy({ abs($0) < precision }) { break }
    }
    return coefficients
  }
}
