// What is known of each component at each place, found anew among all events each time.

extension NaiveStudent {
  /// The evidence of a component at one place that counts on each day up to `last`, the earliest first.
  ///
  /// Of the days before the cutoff these are the latest two, and all days since. What was taken back is left out at the end.
  public func kept(_ component: String, at place: NaivePlace, through last: Int = .max) -> [InForce] {
    let here = found(component, at: place)
    let winners = Dictionary(grouping: here, by: \.event.day).values.compactMap { $0.sorted(by: Self.isEarlier).last }
    let earlier = winners.filter { $0.event.day < cutoff }.sorted(by: Self.isEarlier).suffix(2)
    return (earlier + winners.filter { $0.event.day >= cutoff }).filter { $0.event.day <= last && !$0.event.isRetracted }
      .sorted(by: Self.isEarlier)
  }

  /// The latest evidence of a component among the events of the given days, what was taken back included.
  public func latest(_ component: String, in days: some RangeExpression<Int>, at place: NaivePlace = NaivePlace()) -> InForce? {
    found(component, at: place).filter { days.contains($0.event.day) }.sorted(by: Self.isEarlier).last
  }

  /// The latest evidence of a component from before the cutoff, what was taken back included.
  public func baseline(_ component: String, at place: NaivePlace = NaivePlace()) -> InForce? { latest(component, in: ..<cutoff, at: place) }

  /// The evidence in force of a component at a place at the end of a day.
  public func inForce(_ component: String, at place: NaivePlace = NaivePlace(), asOf day: Int = .max) -> InForce? {
    kept(component, at: place, through: day).last
  }

  /// What the days of a component come to at a place at the end of a day.
  public func score(_ component: String, at place: NaivePlace, asOf day: Int) -> Double? {
    let scores = kept(component, at: place, through: day).map(\.score)
    guard let latest = scores.last else { return nil }
    switch (scoring, component) {
    case ("highest", "quiz"), ("highest", "quality"): return scores.max()
    case ("decaying_average", "quiz"), ("decaying_average", "quality"):
      let before = scores.dropLast()
      return before.isEmpty ? latest : 0.65 * latest + 0.35 * before.reduce(0, +) / Double(before.count)
    default: return latest
    }
  }

  /// The courses and topics that events with evidence name.
  public var places: Set<NaivePlace> { Set(events.filter { !$0.parts.isEmpty }.map(\.place)) }

  private func found(_ component: String, at place: NaivePlace) -> [InForce] {
    events.filter { $0.place == place }.compactMap { InForce($0, component) }
  }

  /// Whether `left` is superseded by `right`: by time, correction, id, content, source and offset.
  public static func isEarlier(_ left: InForce, _ right: InForce) -> Bool {
    if left.event.milliseconds != right.event.milliseconds { return left.event.milliseconds < right.event.milliseconds }
    if left.event.correction != right.event.correction { return left.event.correction < right.event.correction }
    if left.event.id != right.event.id { return left.event.id < right.event.id }
    if left.event.isRetracted != right.event.isRetracted { return right.event.isRetracted }
    if left.score != right.score { return left.score < right.score }
    if left.figures != right.figures { return left.figures.lexicographicallyPrecedes(right.figures) }
    if left.event.source != right.event.source {
      return (left.event.source.map { "1" + $0 } ?? "0") < (right.event.source.map { "1" + $0 } ?? "0")
    }
    return left.event.minutesAhead < right.event.minutesAhead
  }
}

extension NaiveStudent.InForce {
  /// The raw fields in a fixed order, for evidence that differs in nothing else; a given score comes first.
  ///
  /// What was taken back has none.
  public var figures: [Double] {
    guard !event.isRetracted, let fields = event.parts[component] else { return [] }
    func number(_ names: String...) -> Double {
      for name in names { if case .number(let value)? = fields[name] { return value } }
      return -1
    }
    if fields["score"] != nil { return [0] }
    switch component {
    case "completion":
      let levels: [NaiveField: Double] = ["beginner": 0, "advanced": 2]
      return [1, number("total_exercises"), number("completed_exercises"), fields["difficulty"].flatMap { levels[$0] } ?? 1]
    case "quiz": return [1, number("total_questions"), number("correct_answers"), number("time_spent"), max(number("attempts"), 0)]
    case "quality":
      // The judgements that are given are compared by name, then by value, one after the other.
      let names = [
        ["code_quality_score", "avg_code_quality"], ["correctness_score", "correctness"], ["efficiency_score", "efficiency"],
        ["peer_review_score"],
      ]
      return [1]
        + names.enumerated().flatMap { place, names in
          names.compactMap { name in fields[name] == nil ? nil : number(name) }.prefix(1).flatMap { [Double(place), $0] }
        }
    default: return [1, number("current_streak"), number("max_streak"), number("days_since_last_activity")]
    }
  }
}
