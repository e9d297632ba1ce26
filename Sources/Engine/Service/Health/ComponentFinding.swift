internal import Metrics

/// Something that is wrong with a component of the sidecar.
struct ComponentFinding: Hashable, Sendable {
  /// The component, and what is wrong with it.
  let labels: ComponentLabels
  /// What that means, in words.
  let reason: String

  init(_ component: String, _ problem: ComponentProblem, _ reason: String) {
    labels = ComponentLabels(component: component, problem: problem)
    self.reason = reason
  }
}
