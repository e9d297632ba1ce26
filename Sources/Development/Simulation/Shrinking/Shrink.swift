/// Searches for the smallest plan whose world still breaks the same law.
public struct Shrink: Sendable {
  private let law: Law
  private let mistake: Mistake?
  /// The smallest plan found.
  public private(set) var plan: Plan
  /// How many worlds may still be tried.
  private var trials: Int

  /// Shrinks a plan.
  ///
  /// - Parameters:
  ///   - plan: A plan whose world breaks the law.
  ///   - law: The law.
  ///   - mistake: The mistake to plant into the replicas.
  ///   - trials: The maximum number of worlds to try.
  public init(_ plan: Plan, breaking law: Law, mistake: Mistake? = nil, trials: Int = 1_500) {
    self.plan = plan
    self.law = law
    self.mistake = mistake
    self.trials = trials
    var size = Int.max
    while plan.size < size || self.plan.size < size, self.trials > 0 {
      size = self.plan.size
      shrink(\.events, keeping: 0)
      shrink(\.requests, keeping: 0)
      shrink(\.incidents, keeping: 0)
      shrink(\.clocks, keeping: 1)
      rightenClocks()
    }
  }

  /// Removes ever smaller parts of a list if the law stays broken without them.
  private mutating func shrink<Element>(_ list: WritableKeyPath<Plan, [Element]>, keeping least: Int) {
    var length = max(1, plan[keyPath: list].count / 2)
    while true {
      var index = 0
      while index < plan[keyPath: list].count, plan[keyPath: list].count > least {
        var smaller = plan
        let end = min(index + length, smaller[keyPath: list].count)
        smaller[keyPath: list].removeSubrange(index..<end)
        if smaller[keyPath: list].count >= least, breaks(smaller) { plan = smaller } else { index = end }
      }
      if length == 1 { return }
      length /= 2
    }
  }

  /// Corrects wrong clocks if the law stays broken.
  private mutating func rightenClocks() {
    for index in plan.clocks.indices where plan.clocks[index] != 0 {
      var righter = plan
      righter.clocks[index] = 0
      if breaks(righter) { plan = righter }
    }
  }

  private mutating func breaks(_ plan: Plan) -> Bool {
    guard trials > 0 else { return false }
    trials -= 1
    return Run(plan, mistake: mistake).breach?.law == law
  }
}

extension Plan {
  /// The number of its events, requests, incidents, replicas and wrong clocks.
  var size: Int { events.count + requests.count + incidents.count + clocks.count + clocks.count { $0 != 0 } }
}
