/// The latest evidence of one day, for each component that has some on that day.
public struct EvidenceDay: Hashable, Sendable {
  /// The day.
  public let day: Day
  /// The latest evidence of the day, what was taken back included; at least one component has some.
  public internal(set) var latest: ComponentValues<Evidence>

  /// Creates a day, or returns nil if there is no evidence or some of it is from another day.
  public init?(day: Day, latest: ComponentValues<Evidence>) {
    guard !latest.isEmpty, latest.allSatisfy({ $0.value.day == day }) else { return nil }
    self.init(checked: day, latest: latest)
  }

  /// Whether some of it counts: a day on which everything was taken back is no active day.
  var isActive: Bool {
    latest.completion?.isRetracted == false || latest.quiz?.isRetracted == false || latest.quality?.isRetracted == false
      || latest.consistency?.isRetracted == false
  }

  /// Marks the components of which something counts.
  func mark(_ components: inout ComponentValues<Bool>) {
    if latest.completion?.isRetracted == false { components.completion = true }
    if latest.quiz?.isRetracted == false { components.quiz = true }
    if latest.quality?.isRetracted == false { components.quality = true }
    if latest.consistency?.isRetracted == false { components.consistency = true }
  }

  /// How far the student's wall clocks were ahead of UTC on that day, by one of its pieces of evidence.
  var offset: UTCOffset {
    latest.completion?.offset ?? latest.quiz?.offset ?? latest.quality?.offset ?? latest.consistency?.offset ?? .zero
  }

  init(checked day: Day, latest: ComponentValues<Evidence>) {
    self.day = day
    self.latest = latest
  }
}
