/// One run of a world, and its outcome.
public struct Run: Sendable {
  /// A hash of everything that happened; equal runs have equal hashes in every process.
  public let hash: UInt64
  /// The number of recorded steps.
  public let steps: Int
  /// The steps as lines; empty if the story was not kept.
  public let story: [String]
  /// How often each fault was injected.
  public let injected: [Fault: Int]
  /// The laws that were broken.
  public let breaches: [Breach]
  /// The first breach; nil if no law was broken.
  public var breach: Breach? { breaches.first }

  /// Runs a world.
  ///
  /// - Parameters:
  ///   - plan: The world's plan.
  ///   - mistake: The mistake to plant into its replicas.
  ///   - isTold: Whether the story is kept.
  public init(_ plan: Plan, mistake: Mistake? = nil, isTold: Bool = false) {
    let world = World(plan, mistake: mistake, isTold: isTold)
    world.run()
    let aftermath = Aftermath(world.parts)
    hash = world.parts.trace.hash
    steps = world.parts.trace.steps
    story = world.parts.trace.story
    injected = world.parts.incidents.injected
    breaches = Law.allCases.compactMap { law in law.breach(in: aftermath).map { Breach(law: law, story: $0) } }
  }
}
