internal import JSON
internal import MasteryCore

// The stored form of one piece of evidence: `[milliseconds, event, content, source, offset, correction]`, of which the last three are left out where they
// say nothing. The content is what the component's evidence was made of, a number for a score that was given, or null for what was taken back.

extension JSONWriter {
  /// Writes a piece of evidence.
  mutating func evidence(_ evidence: Evidence) {
    array { json in
      json.integer(evidence.timestamp.milliseconds)
      json.string(evidence.event.text)
      json.content(evidence.content)
      let hasCorrection = evidence.correction != .none
      let hasOffset = evidence.offset != .zero || hasCorrection
      if evidence.source != nil || hasOffset { json.string(evidence.source?.text) }
      if hasOffset { json.integer(evidence.offset.minutes) }
      if hasCorrection { json.integer(evidence.correction.number) }
    }
  }

  private mutating func content(_ content: EvidenceContent) {
    switch content {
    case .given(let score): number(score.value)
    case .retracted: null()
    case .completion(let evidence):
      array { json in
        json.integer(evidence.totalExercises)
        json.integer(evidence.completedExercises)
        if evidence.difficulty != .intermediate { json.string(evidence.difficulty.rawValue) }
      }
    case .quiz(let evidence):
      array { json in
        json.integer(evidence.totalQuestions)
        json.integer(evidence.correctAnswers)
        if evidence.timeSpent != nil || evidence.attempts != nil { json.number(evidence.timeSpent) }
        if let attempts = evidence.attempts { json.integer(attempts) }
      }
    case .quality(let evidence):
      let judgements = [evidence.codeQualityScore, evidence.correctnessScore, evidence.efficiencyScore, evidence.peerReviewScore]
      let last = judgements.lastIndex { $0 != nil } ?? 0
      array { json in
        for judgement in judgements[...last] { json.number(judgement) }
      }
    case .consistency(let evidence):
      array { json in
        json.integer(evidence.currentStreak)
        json.integer(evidence.maxStreak)
        json.number(evidence.daysSinceLastActivity)
      }
    }
  }

  private mutating func number(_ value: Double?) {
    if let value { number(value) } else { null() }
  }
}

extension Evidence {
  /// Reads a stored piece of evidence.
  ///
  /// - Throws: `DocumentFault` if it is damaged.
  init(_ value: JSONValue, of component: Component) throws(DocumentFault) {
    var parts = value.elements
    guard let moment = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) }), let event = parts.next()?.string.flatMap(EventID.init),
      let stored = parts.next(), let content = EvidenceContent(stored, of: component)
    else { throw .unreadable("evidence item") }
    var source: SourceName?
    if let named = parts.next(), !named.isNull {
      guard let name = named.string.flatMap(SourceName.init) else { throw .unreadable("evidence source") }
      source = name
    }
    var offset = UTCOffset.zero
    if let given = parts.next() {
      guard let minutes = given.integer.flatMap({ UTCOffset(minutes: Int($0)) }) else { throw .unreadable("evidence offset") }
      offset = minutes
    }
    var correction = Correction.none
    if let given = parts.next() {
      guard let number = given.integer.flatMap({ Correction(Int($0)) }) else { throw .unreadable("evidence correction") }
      correction = number
    }
    self.init(timestamp: moment, offset: offset, event: event, correction: correction, source: source, content: content)
  }
}

extension EvidenceContent {
  /// Reads the stored content of a component's evidence; nil if it is none.
  fileprivate init?(_ value: JSONValue, of component: Component) {
    if value.isNull {
      self = .retracted
      return
    }
    if let given = value.number {
      guard let score = Score(given) else { return nil }
      self = .given(score)
      return
    }
    guard value.kind == .array else { return nil }
    var parts = value.elements
    do {
      switch component {
      case .completion:
        guard let total = parts.next()?.integer, let completed = parts.next()?.integer else { return nil }
        var difficulty = Difficulty.intermediate
        if let named = parts.next() {
          guard let known = named.string.flatMap(Difficulty.init) else { return nil }
          difficulty = known
        }
        self = .completion(
          try CompletionEvidence(totalExercises: Int(total), completedExercises: Int(completed), difficulty: difficulty))
      case .quiz:
        guard let total = parts.next()?.integer, let correct = parts.next()?.integer else { return nil }
        let time = parts.next()
        let attempts = parts.next()
        guard time.map({ $0.isNull || $0.number != nil }) ?? true, attempts.map({ $0.integer != nil }) ?? true else { return nil }
        self = .quiz(
          try QuizEvidence(
            totalQuestions: Int(total), correctAnswers: Int(correct), timeSpent: time?.number,
            attempts: attempts?.integer.map { Int($0) }))
      case .quality:
        var judgements: [Double?] = []
        while let part = parts.next() {
          guard part.isNull || part.number != nil, judgements.count < 4 else { return nil }
          judgements.append(part.number)
        }
        judgements += Array(repeating: nil, count: 4 - judgements.count)
        self = .quality(
          try QualityEvidence(
            codeQualityScore: judgements[0], correctnessScore: judgements[1], efficiencyScore: judgements[2],
            peerReviewScore: judgements[3]))
      case .consistency:
        guard let current = parts.next()?.integer, let longest = parts.next()?.integer, let idle = parts.next()?.number else { return nil }
        self = .consistency(
          try ConsistencyEvidence(currentStreak: Int(current), maxStreak: Int(longest), daysSinceLastActivity: idle))
      }
    } catch {
      return nil
    }
  }
}
