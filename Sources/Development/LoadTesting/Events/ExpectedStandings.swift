/// How students must stand after a load, worked out from the events alone: in each component the latest event counts, and its score is its
/// share of 20.
public struct ExpectedStandings: Sendable {
  /// How a stored document differs from what must be.
  public enum Difference: Sendable, Hashable, CustomStringConvertible {
    /// Nothing is stored of a student.
    case missing(student: String)
    /// A component rests on another event, or on none.
    case evidence(student: String, component: String, expected: String?, found: String?)
    /// A component has another score, in thousandths.
    case score(student: String, component: String, expected: Int, found: Int?)
    /// The document has changed more often than there were events.
    case revisions(student: String, most: Int, found: Int)

    /// One line that says what must be and what was found.
    public var description: String {
      switch self {
      case .missing(let student): "\(student): a document must be stored, got none"
      case .evidence(let student, let component, let expected, let found):
        "\(student): the evidence of \(component) must be \(expected ?? "none"), got \(found ?? "none")"
      case .score(let student, let component, let expected, let found):
        "\(student): the score of \(component) must be \(Double(expected) / 1_000), got \(found.map { "\(Double($0) / 1_000)" } ?? "none")"
      case .revisions(let student, let most, let found): "\(student): the revision must be at most \(most), got \(found)"
      }
    }
  }

  /// What is known of a student: the latest event of each component, -1 without one, and the number of events.
  private struct Standing {
    var latest = [-1, -1, -1, -1]
    var events = 0
  }

  private let plan: EventPlan
  private var standings: [Standing]

  /// Creates the standings before any event.
  public init(_ plan: EventPlan) {
    self.plan = plan
    standings = Array(repeating: Standing(), count: plan.students)
  }

  /// Takes in an event; the order does not matter, since a later number is a later event.
  public mutating func take(_ event: Int) {
    let (student, component) = (plan.student(of: event), plan.component(of: event).rawValue)
    standings[student].latest[component] = max(standings[student].latest[component], event)
    standings[student].events += 1
  }

  /// The students with events.
  public var known: [Int] { standings.indices.filter { standings[$0].events > 0 } }

  /// How a student's stored document differs.
  ///
  /// - Parameters:
  ///   - student: Whose it is.
  ///   - observed: What a query answered; nil if nothing is stored.
  /// - Returns: All differences.
  public func differences(of student: Int, from observed: ObservedStanding?) -> [Difference] {
    let (expected, id) = (standings[student], EventPlan.id(ofStudent: student))
    guard expected.events > 0 else { return [] }
    guard let observed else { return [.missing(student: id)] }
    var found: [Difference] = []
    for component in EventPlan.Component.allCases {
      let event = expected.latest[component.rawValue]
      // Without an event the engine may derive a component: what counts is that it names none.
      let (wanted, got) = (event < 0 ? nil : EventPlan.id(of: event), observed.evidence[component.name])
      if wanted != got {
        found.append(.evidence(student: id, component: component.name, expected: wanted, found: got))
      } else if wanted != nil, observed.scores[component.name] != plan.twentieths(of: event) * 50 {
        found.append(
          .score(
            student: id, component: component.name, expected: plan.twentieths(of: event) * 50,
            found: observed.scores[component.name]))
      }
    }
    if observed.revision > expected.events {
      found.append(.revisions(student: id, most: expected.events, found: observed.revision))
    }
    return found
  }
}
