/// Optional numbers of 0 and more, held in the space of a number: −1 stands for a missing one.
enum Held {
  /// The number as it is held; `-0` becomes `0`, so that equal evidence is written alike.
  static func held(_ number: Double?) -> Double { number.map { $0 + 0 } ?? -1 }

  static func number(_ held: Double) -> Double? { held < 0 ? nil : held }
}
