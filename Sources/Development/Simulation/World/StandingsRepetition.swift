extension WorldParts {
  /// Now and then delivers an update of standings again, perhaps after later ones.
  func repeatStandings(_ published: SimulatedSidecar.Published, _ broker: SimulatedBroker) {
    guard published.topic == "mastery.standings", plan.isRough(at: moment), random.once(in: 8) else { return }
    incidents.count(.standingsRepeated)
    timeline.after(random.draw(1..<20_000)) { [self] in ownWork(published, broker) }
  }
}
