/// The parts of an observation that were merged into a record: some of its components, its cohort.
struct MergedParts: OptionSet {
  static let cohort = Self(rawValue: 1 << 4)

  let rawValue: UInt8

  static func component(_ component: Component) -> Self {
    switch component {
    case .completion: Self(rawValue: 1 << 0)
    case .quiz: Self(rawValue: 1 << 1)
    case .quality: Self(rawValue: 1 << 2)
    case .consistency: Self(rawValue: 1 << 3)
    }
  }
}
