internal import DaprClient
internal import MasteryCore

extension KeptDeadLetters {
  /// What to do with letters.
  public struct Order: Sendable {
    /// The repaired events; of the other letters the original is published.
    public var repaired: [RepairedEvent] = []
    /// Who replays them.
    public var by: String
    /// Whether letters are published again that have been replayed already.
    public var isRepeated = false
    /// Whether nothing is published, only what would be is found out.
    public var isDryRun = false

    /// Creates the order to publish the originals.
    public init(by: String) {
      self.by = by
    }
  }

  /// Publishes the events of letters on `mastery.retry`, each once, and marks the letters as replayed.
  ///
  /// - Parameters:
  ///   - letters: The letters.
  ///   - order: What to do with them.
  /// - Returns: The letters in their order, and what became of them so far: `unknown` for what is published.
  public func replay(_ letters: [KeptDeadLetter], _ order: Order) async -> [ReplayedDeadLetter] {
    let began = runtime.now()
    var run = ReplayRun(order, letters)
    for (log, chosen) in Self.byList(letters) { await replay(chosen, in: log, &run) }
    return letters.map { letter in
      let step = run.steps[letter.name]
      return ReplayedDeadLetter(
        letter: letter, fate: step?.fate ?? .gone, isMarked: run.marked.contains(letter.name), event: step?.event,
        failsAfter: order.isRepeated ? began : letter.failedAt)
    }
  }

  private func replay(_ chosen: [String: KeptDeadLetter], in log: SegmentedLog, _ run: inout ReplayRun) async {
    var failure: SidecarFailure?
    let isDone: Void? = await runtime.retrying { () async -> Attempt<Void> in
      do throws(SidecarFailure) {
        try await logs.revise(log, context: context) { records in
          run.confirm()
          return await revised(records, chosen, in: log, &run)
        }
        run.confirm()
        return .done(())
      } catch {
        run.pending = []
        failure = error
        return error.isOutage ? .over : .again
      }
    }
    guard isDone == nil, let failure else { return }
    for letter in chosen.values where run.steps[letter.name] == nil {
      run.steps[letter.name] = ReplayRun.Step(fate: .unpublished("the state store does not answer: \(failure)"))
    }
  }

  /// Publishes the events of the chosen letters of one value, and returns its records with the marks; nil if nothing is to be marked.
  private func revised(
    _ records: [StoredRecord], _ chosen: [String: KeptDeadLetter], in log: SegmentedLog, _ run: inout ReplayRun
  ) async -> [StoredRecord]? {
    let now = runtime.now()
    var events: [(name: KeptDeadLetter.Name, event: ReplayableEvent)] = []
    for record in records where chosen[record.id] != nil {
      // It is read anew: another operator may have replayed it since it was found.
      guard let letter = KeptDeadLetter(record, in: log), let event = run.take(letter, record, now: now) else { continue }
      events.append((letter.name, event))
    }
    await publish(events, &run)
    var revised = records
    for (index, record) in records.enumerated() {
      let name = KeptDeadLetter.Name(log: log, recordID: record.id)
      guard let mark = run.mark(of: name, now: now) else { continue }
      revised[index] = KeptDeadLetter.marking(record, mark)
      run.pending.insert(name)
    }
    return run.pending.isEmpty ? nil : revised
  }

  private func publish(_ events: [(name: KeptDeadLetter.Name, event: ReplayableEvent)], _ run: inout ReplayRun) async {
    guard !events.isEmpty else { return }
    for (name, event) in events { run.steps[name] = ReplayRun.Step(fate: .unknown, event: event.event) }
    do throws(SidecarFailure) {
      if let silence = run.silence { throw silence }
      for position in try await store.sidecar.publish(events.map(\.event.outgoing), to: Topic.retry, context: context) {
        run.steps[events[position].name]?.fate = .unpublished("the broker does not take it")
      }
    } catch {
      if error.isOutage { run.silence = error }
      for (name, _) in events { run.steps[name]?.fate = .unpublished("the broker does not answer: \(error)") }
    }
  }
}
