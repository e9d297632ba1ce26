extension WorldParts {
  /// Now and then the broker brings a result once more, when later ones may have come.
  func repeatResult(_ published: SimulatedSidecar.Published, _ broker: SimulatedBroker) {
    guard published.topic == "mastery.results", plan.isRough(at: moment), random.once(in: 8) else { return }
    incidents.count(.resultRepeated)
    timeline.after(random.draw(1..<20_000)) { [self] in ownWork(published, broker) }
  }
}
