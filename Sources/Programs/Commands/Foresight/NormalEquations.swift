/// A least-squares problem, accumulated row by row.
struct NormalEquations {
  private var products: [[Double]]
  private var values: [Double]
  private var weights = 0.0

  /// Creates a problem with the given number of unknowns.
  init(unknowns: Int) {
    products = Array(repeating: Array(repeating: 0, count: unknowns), count: unknowns)
    values = Array(repeating: 0, count: unknowns)
  }

  /// Adds a row whose terms should sum to `value`.
  mutating func add(_ terms: [Double], value: Double, weight: Double) {
    weights += weight
    for row in terms.indices where terms[row] != 0 {
      let weighted = weight * terms[row]
      values[row] += weighted * value
      for column in 0...row { products[row][column] += weighted * terms[column] }
    }
  }

  /// The coefficients of the best fit, by Cholesky decomposition.
  ///
  /// - Parameter ridge: How strongly each coefficient is drawn to 0, as a share of its own term's weight; above 0, so that terms that never
  ///   occur do no harm.
  /// - Returns: One coefficient for each unknown.
  func solution(ridge: Double) -> [Double] {
    let count = values.count
    var lower = products
    for row in 0..<count {
      lower[row][row] += ridge * max(products[row][row], 1e-12 * max(weights, 1))
      for column in 0...row {
        var sum = lower[row][column]
        for inner in 0..<column { sum -= lower[row][inner] * lower[column][inner] }
        lower[row][column] = row == column ? max(sum, 1e-300).squareRoot() : sum / lower[column][column]
      }
    }
    var solution = values
    for row in 0..<count {
      for column in 0..<row { solution[row] -= lower[row][column] * solution[column] }
      solution[row] /= lower[row][row]
    }
    for row in (0..<count).reversed() {
      for column in row + 1..<max(count, row + 1) { solution[row] -= lower[column][row] * solution[column] }
      solution[row] /= lower[row][row]
    }
    return solution
  }
}
